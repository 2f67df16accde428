// `pnpm pictures`: the pictures of the README, taken of a real board on a real daemon.
// `pnpm pictures --all FOLDER`: every view, in both themes, for a desk and for a phone.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../launch-browser.ts';
import { openPage } from './browser.ts';
import { fillSampleBoard } from './sample-board.ts';
import { writeSampleCode } from './sample-code.ts';
import { Workbench } from './workbench.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const target = positionals[0] ?? `${root}docs/pictures`;
const IN_README = new Set(['board', 'task', 'review', 'graph', 'code']);

interface Picture {
  name: string;
  view: string;
  ready: string;
  /** Keys to press before. */
  keys?: string[];
}

const PICTURES: Picture[] = [
  { name: 'board', view: 'board', ready: '[data-card]' },
  { name: 'task', view: 'board?task=T-007', ready: '.verification' },
  { name: 'new-task', view: 'board', ready: '[data-card]', keys: ['n'] },
  { name: 'review', view: 'review', ready: '.note' },
  { name: 'graph', view: 'graph', ready: '.graph-node' },
  { name: 'agents', view: 'agents', ready: '.agent' },
  { name: 'activity', view: 'activity', ready: '.chart' },
  { name: 'docs', view: 'docs/D-001', ready: '.doc-title' },
  { name: 'code', view: 'code?file=src/shop/shop.ts&line=13', ready: '.source pre' },
  { name: 'modules', view: 'code?show=modules', ready: '.module' },
  { name: 'palette', view: 'board', ready: '[data-card]', keys: ['Control+k'] },
];

await using bench = await Workbench.open(`${root}packages/codepakt`);
await fillSampleBoard(bench.client, bench.project);
writeSampleCode(bench.root);
await bench.run('scan');
mkdirSync(target, { recursive: true });

const browser = await launchBrowser();
for (const theme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    const { page, context } = await openPage(browser, { theme, width, height });
    for (const { name, view, ready, keys = [] } of PICTURES) {
      const isWanted = IN_README.has(name) && (width > 390 || name === 'board');
      if (!isWanted && !values.all) continue;
      await page.goto(bench.view(view));
      await page.locator(ready).first().waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      for (const key of keys) await page.keyboard.press(key);
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(400);
      const size = width === 390 ? '-phone' : '';
      await page.screenshot({ path: `${target}/${name}${size}-${theme}.png` });
    }
    await context.close();
  }
}
await browser.close();
