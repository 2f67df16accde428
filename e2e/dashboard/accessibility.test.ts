import axe from 'axe-core';
import { expect, test } from 'vitest';
import { fillSampleBoard } from './sample-board.ts';
import { writeSampleCode } from './sample-code.ts';
import { useSession } from './session.ts';

const session = useSession(async (bench) => {
  await fillSampleBoard(bench.client, bench.project);
  writeSampleCode(bench.root);
  await bench.run('scan');
});

interface Finding {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

const VIEWS = [
  ['the board', 'board', '[data-card]'],
  ['a grouped and filtered board', 'board?group=epic&priority=P0', '.group-heading'],
  ['a task', 'board?task=T-007', '.panel-title'],
  ['a new task', 'board', '[data-card]', 'n'],
  ['review', 'review', '.note'],
  ['a rejection', 'review', '.note', 'r'],
  ['the graph', 'graph', '.react-flow__node'],
  ['agents', 'agents', '.agent'],
  ['activity', 'activity', '.chart'],
  ['docs', 'docs?q=link', '.doc-item'],
  ['a doc', 'docs/D-001', '.doc-title'],
  ['a doc being edited', 'docs/D-001?write=edit', '.doc-form'],
  ['the code', 'code', '.code-figures'],
  ['a file', 'code?file=src/shop/shop.ts&line=9', '.source pre'],
  ['the modules', 'code?show=modules', '.module'],
  ['the palette', 'board', '[data-card]', 'Control+k'],
] as const;

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.each(VIEWS)(
      `%s has no barrier, ${theme}, ${width} wide`,
      async (_, view, ready, key?: string) => {
        // Axe is put into the page from outside, which the page's own policy rightly forbids.
        const page = await session.open(view, { theme, width, height: 844, bypassCSP: true });
        await page.locator(ready).first().waitFor();
        if (key !== undefined) await page.keyboard.press(key);
        await page.waitForTimeout(250);
        await page.addScriptTag({ content: axe.source });
        const findings = await page.evaluate(async () => {
          const run = (globalThis as unknown as { axe: { run(options: object): Promise<unknown> } })
            .axe;
          const { violations } = (await run.run({
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          })) as { violations: Finding[] };
          return violations.map(({ id, nodes }) => [
            id,
            ...nodes
              .slice(0, 3)
              .map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
          ]);
        });
        expect(findings).toEqual([]);
      },
    );
  }
}

test('every control of the board is reached by Tab, with a visible focus', async () => {
  const page = await session.open('board');
  await page.locator('[data-card]').first().waitFor();
  const seen: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const around = getComputedStyle(element.parentElement ?? element);
      return {
        isBody: element === document.body,
        name: element.getAttribute('aria-label') ?? element.dataset.card ?? element.textContent,
        isVisible:
          (outlineStyle !== 'none' && outlineWidth !== '0px') || around.outlineStyle !== 'none',
      };
    });
    if (focus.isBody) continue;
    if (focus.name) expect(`${focus.name}: ${focus.isVisible}`).toBe(`${focus.name}: true`);
    seen.push(focus.name ?? '');
  }
  const names = seen.join('\n');
  for (const wanted of [
    'Skip to the view',
    'Board',
    'Docs',
    'P0',
    'New task',
    'T-024',
    'T-009',
    'T-015',
  ]) {
    expect(names).toContain(wanted);
  }
});

test('whoever asked for less motion gets none', async () => {
  const page = await session.open('board?task=T-007');
  await page.locator('.panel').waitFor();
  const duration = await page
    .locator('.panel')
    .evaluate((panel) => Number.parseFloat(getComputedStyle(panel).animationDuration));
  expect(duration).toBeLessThan(0.001);
});
