import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';

const html = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

test('text becomes elements, and raw HTML stays text', () => {
  expect(html('a **b** <script>alert(1)</script>')).toBe(
    '<div class="markdown"><p>a <strong>b</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p></div>',
  );
});

test('links lead to the web or to a mailbox, and nowhere else', () => {
  expect(html('[a](https://example.org)')).toContain('href="https://example.org"');
  for (const target of ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '/api/projects']) {
    expect(html(`[a](${target})`)).not.toContain('href');
  }
  expect(html('![picture](https://example.org/x.png)')).not.toContain('<img');
});

test('headings begin below those of the page and leave no level out', () => {
  expect(html('# a\n\n#### b\n\n## c')).toMatch(/<h3>a<\/h3><h4>b<\/h4><h4>c<\/h4>/);
});

test('tasks of a list are boxes that nobody can tick', () => {
  expect(html('- [x] done\n- [ ] open')).toContain('disabled=""');
});
