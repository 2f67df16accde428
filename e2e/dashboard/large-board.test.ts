import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { card, cardIn, cardsIn, useSession } from './session.ts';
import { type FrameWork, readTrace, startTrace } from './trace.ts';

const TASKS = 10_000;
/** How often first paints are measured; enough for a figure that is worth printing. */
const ROUNDS = 3;

/** 10,000 tasks, most of them open, with epics, tags and chains of dependencies. */
const session = useSession(async ({ client, project }) => {
  for (let start = 0; start < TASKS; start += 1_000) {
    const tasks = Array.from({ length: 1_000 }, (_, n) => ({
      key: `k${n}`,
      title: `Task ${start + n}: ${WORDS[n % WORDS.length]} in the ${PLACES[n % PLACES.length]}`,
      priority: (['P0', 'P1', 'P2'] as const)[n % 3] ?? 'P1',
      epic: `epic ${n % 40}`,
      tags: [`tag ${n % 7}`, `tag ${n % 11}`],
      depends_on: n % 4 === 3 ? [`k${n - 1}`, `k${n - 2}`] : [],
    }));
    await client.tasks.createBatch({ params: { project }, body: { tasks } });
  }
});
const WORDS = [
  'mend the login',
  'speed up the search',
  'write tests',
  'tidy up',
  'draw the header',
];
const PLACES = ['shop', 'back office', 'mail service', 'importer'];

test('10,000 tasks: only the cards in sight are in the page, and only they are asked for', async () => {
  const page = await session.open('board');
  await settled(page);
  expect(await page.locator('.column[data-status="open"] .column-count').textContent()).toBe(
    '7,500',
  );
  expect(await page.locator('[data-card]').count()).toBeLessThan(100);
  const sizes = (await loaded(page))
    .filter(({ url }) => url.includes('/tasks?'))
    .map(({ size }) => size);
  const asked = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`asked for ${sizes.length} lists, ${Math.round(asked / 1_000)} kB`);
  expect(sizes.length).toBeGreaterThan(0);
  expect(asked).toBeLessThan(150_000);
});

test('the end of a column of thousands is reached by scrolling', async () => {
  const page = await session.open('board?epic=epic%203');
  const scroller = page.locator('.column[data-status="backlog"] .column-scroll');
  await page.locator('.column[data-status="backlog"] [data-card]').first().waitFor();
  const { client, project } = session.bench;
  const { items } = await client.tasks.list({
    params: { project },
    query: { epic: 'epic 3', status: ['backlog'], limit: 500, fields: ['id'] },
  });
  const last = items.at(-1)?.id ?? '';
  for (let tries = 0; tries < 40; tries++) {
    if ((await cardsIn(page, 'backlog')).includes(last)) break;
    await scroller.evaluate(
      (node) =>
        new Promise<void>((resolve) => {
          node.scrollBy(0, 4_000);
          setTimeout(resolve, 50);
        }),
    );
  }
  await cardIn(page, 'backlog', last);
});

test('the first load is at most 250 kB of compressed JavaScript', async () => {
  const page = await session.open('board');
  await settled(page);
  const scripts = (await loaded(page))
    .map(({ url }) => new URL(url).pathname)
    .filter((path) => path.endsWith('.js'));
  const folder = join(inject('codepakt'), 'dist/dashboard');
  const bytes = scripts.reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length,
    0,
  );
  console.log(`first load: ${scripts.length} scripts, ${(bytes / 1_000).toFixed(0)} kB compressed`);
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(250_000);
});

test('of a graph that is too large to read the most urgent part is drawn, with a word on the rest', async () => {
  const page = await session.open('graph');
  await page.getByText('300 of 10,000 tasks are drawn').waitFor();
  await page.locator('.graph-node[data-critical]').first().waitFor();
  await page.getByRole('combobox', { name: /^Epic/ }).selectOption('epic 3');
  await page.locator('.graph-left-out').waitFor({ state: 'detached' });
  await page.locator('.graph-node').first().waitFor();
});

test('a first load draws few cards; its time beside a static page with the same cards is printed', async () => {
  const page = await session.open('board');
  await settled(page);
  const { html, styles } = await page.evaluate(() => ({
    html: document.querySelector('#root')?.innerHTML ?? '',
    styles: [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].map(
      ({ href }) => href,
    ),
  }));
  const links = styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('');
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8">${links}</head><body><div id="root">${html}</div></body></html>`;
  await page.route('**/static-board', (route) => route.fulfill({ contentType: 'text/html', body }));

  const times = { ours: [] as number[], still: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(session.bench.view('board'));
    times.ours.push(await firstCard(page));
    await page.goto(`${session.bench.url}/static-board`);
    times.still.push(await firstCard(page));
  }
  const ratio = median(times.ours) / median(times.still);
  console.log(
    `first cards: ${median(times.ours).toFixed(0)} ms, static page ${median(times.still).toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
  );
  expect(await (await session.open('board')).locator('[data-card]').count()).toBeLessThan(200);
});

test('scrolling draws frames from few cards; their work is printed', async () => {
  const page = await session.open('board');
  const column = page.locator('.column[data-status="open"]');
  await settled(page);
  const box = await column.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 80, (box?.y ?? 0) + 300);
  const trace = await startTrace(session.browser);
  for (let turn = 0; turn < 45; turn++) {
    await page.mouse.wheel(0, 160);
    await page.waitForTimeout(16);
  }
  const work = await readTrace(trace);
  console.log(`scrolling: ${inWords(work)}`);
  expect(work.frames).toBeGreaterThan(20);
  expect(await page.locator('[data-card]').count()).toBeLessThan(200);
});

test('dragging draws frames from few cards; their work is printed', async () => {
  const page = await session.open('board');
  await settled(page);
  const [id = ''] = await cardsIn(page, 'open');
  const from = await card(page, id).boundingBox();
  const x = (from?.x ?? 0) + 30;
  const y = (from?.y ?? 0) + 20;
  const trace = await startTrace(session.browser);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step < 45; step++) {
    await page.mouse.move(x + step * 8, y + 20 + (step % 30) * 3);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  const work = await readTrace(trace);
  console.log(`dragging: ${inWords(work)}`);
  expect(work.frames).toBeGreaterThan(20);
  expect(await page.locator('[data-card]').count()).toBeLessThan(200);
});

function inWords({ frames, p95, wall_p95, longest, wall_longest }: FrameWork): string {
  const ms = (processor: number, wall: number) =>
    `${processor.toFixed(1)} ms (by the clock on the wall ${wall.toFixed(1)})`;
  return `${frames} frames, p95 ${ms(p95, wall_p95)}, longest task ${ms(longest, wall_longest)}`;
}

/** Resolves when cards are there, the page is live, and it has asked for nothing more for a while. */
async function settled(page: Page): Promise<void> {
  await page.locator('.column[data-status="open"] [data-card]').first().waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate(async () => {
    const asked = () => performance.getEntriesByType('resource').length;
    for (let before = -1; before !== asked(); ) {
      before = asked();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
}

/** What the page has asked for, with its size in bytes before compression. */
function loaded(page: Page): Promise<{ url: string; size: number }[]> {
  return page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).map((one) => ({
      url: one.name,
      size: one.decodedBodySize,
    })),
  );
}

/** Milliseconds from the navigation to the frame in which the first card was painted. */
async function firstCard(page: Page): Promise<number> {
  const time = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.querySelector('[data-card]') === null) requestAnimationFrame(look);
          else {
            // The paint that shows it is over when a task after its frame runs.
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          }
        };
        look();
      }),
  );
  return time;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
