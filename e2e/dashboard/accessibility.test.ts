import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fillSampleBoard } from './sample-board.ts';
import { writeSampleCode } from './sample-code.ts';
import { useSession } from './session.ts';

const session = useSession(async (bench) => {
  await fillSampleBoard(bench.client, bench.project);
  writeSampleCode(bench.root);
  await bench.run('scan');
});

interface View {
  name: string;
  path: string;
  /** What is there when the view is. */
  ready: string;
  /** Opens what lies over the view; Escape closes it. */
  key?: string;
  /** On a phone it is laid out in another way. */
  isOtherOnPhone?: boolean;
}

const VIEWS: View[] = [
  { name: 'the board', path: 'board', ready: '[data-card]', isOtherOnPhone: true },
  { name: 'a new task', path: 'board', ready: 'dialog', key: 'n' },
  { name: 'the palette', path: 'board', ready: 'dialog [role=option]', key: 'Control+k' },
  { name: 'chosen cards', path: 'board', ready: '.bulk-bar', key: 'x', isOtherOnPhone: true },
  { name: 'a grouped board', path: 'board?group=epic&priority=P0', ready: '.group-heading' },
  { name: 'a task', path: 'board?task=T-007', ready: '.verification', isOtherOnPhone: true },
  { name: 'review', path: 'review', ready: '.note', isOtherOnPhone: true },
  { name: 'a rejection', path: 'review', ready: 'textarea', key: 'r' },
  { name: 'the graph', path: 'graph', ready: '.react-flow__node', isOtherOnPhone: true },
  { name: 'agents', path: 'agents', ready: '.agent' },
  { name: 'activity', path: 'activity', ready: '.chart' },
  { name: 'docs', path: 'docs?q=link', ready: '.doc-item mark', isOtherOnPhone: true },
  { name: 'a doc', path: 'docs/D-001', ready: '.doc-title', isOtherOnPhone: true },
  { name: 'a doc being edited', path: 'docs/D-001?write=edit', ready: '.doc-form' },
  { name: 'the code', path: 'code', ready: '.code-figures' },
  {
    name: 'a file',
    path: 'code?file=src/shop/shop.ts&line=9',
    ready: '.source pre',
    isOtherOnPhone: true,
  },
  { name: 'the modules', path: 'code?show=modules', ready: '.module' },
];

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours; all others find the same in either theme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

test.each([1440, 390])('no view has a barrier in either theme, %i wide', async (width) => {
  // Axe is put into the page from outside, which the page's own policy rightly forbids.
  const page = await session.open('board', { width, height: 844, bypassCSP: true });
  await page.evaluate(axe.source);
  for (const { name, path, ready, key, isOtherOnPhone = false } of VIEWS) {
    if (width === 390 && !isOtherOnPhone) continue;
    await page.evaluate((url) => history.pushState({}, '', url), session.bench.view(path));
    if (key !== undefined) {
      await page.locator('.note, [data-card]').first().focus();
      await page.keyboard.press(key);
    }
    await page.locator(ready).first().waitFor();
    await page.locator('.message[role=status]').first().waitFor({ state: 'detached' });
    await page.emulateMedia({ colorScheme: 'light' });
    expect.soft(await findBarriers(page, { runOnly: TAGS }), `${name}, light`).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect.soft(await findBarriers(page, { runOnly: COLOURS }), `${name}, dark`).toEqual([]);
    if (key !== undefined) await page.keyboard.press('Escape');
  }
});

async function findBarriers(page: Page, options: axe.RunOptions): Promise<unknown[]> {
  return page.evaluate(async (given) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    // Nothing is in motion any more.
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    const { violations } = await inPage.run({ ...given, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => [
      id,
      ...nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
    ]);
  }, options);
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
