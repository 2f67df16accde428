import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { card, cardIn, cardsIn, useSession } from './session.ts';
import { until } from './workbench.ts';

const session = useSession(async (bench) => {
  await bench.run('task', 'add', '--title', 'The first');
});

test('a cpk command in a terminal shows on the board by itself; how soon is printed', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-001');
  await page.getByText('Live', { exact: true }).waitFor();
  const { id } = await session.bench.run<{ id: string }>('task', 'add', '--title', 'From outside');
  const added = performance.now();
  await cardIn(page, 'open', id);
  const shown = performance.now();

  await session.bench.run('task', 'pickup', '--id', id, '--agent', 'ada');
  const pickedUp = performance.now();
  await cardIn(page, 'in-progress', id);
  const moved = performance.now();
  expect(await card(page, id).textContent()).toContain('ada');
  console.log(
    `after the command ended: added ${Math.round(shown - added)} ms, moved ${Math.round(moved - pickedUp)} ms`,
  );
});

test('a lost connection is shown; when it is back nothing is missed', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-001');
  await page.getByText('Live', { exact: true }).waitFor();
  await session.bench.stopDaemon();
  await page.getByText('Connection lost').waitFor();
  await session.bench.startDaemon();
  const { client, project } = session.bench;
  const { items } = await client.tasks.createBatch({
    params: { project },
    body: { tasks: Array.from({ length: 30 }, (_, n) => ({ title: `Meanwhile ${n}` })) },
  });
  await page.getByText('Live', { exact: true }).waitFor();
  await until(async () => {
    const shown = await page.locator('.column[data-status="open"] .column-count').textContent();
    return Number(shown) === items.length + 1;
  });
  await page.locator('.column[data-status="open"] .column-scroll').evaluate((node) => {
    node.scrollTop = node.scrollHeight;
  });
  await cardIn(page, 'open', items.at(-1)?.id ?? '');
});

test('while the server is away a change is refused with what to do, and the card goes back', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-001');
  await page.goto(`${session.bench.view('board')}?task=T-001`);
  const panel = page.getByRole('complementary', { name: 'Task T-001' });
  await panel.getByRole('button', { name: 'Put aside' }).waitFor();
  await session.bench.stopDaemon();
  await panel.getByRole('button', { name: 'Put aside' }).click();
  await page.locator('.toast', { hasText: 'cpk server start' }).waitFor();
  expect(await cardsIn(page, 'open')).toContain('T-001');
  await session.bench.startDaemon();
});

test('a view opened for the first time while the server is away says so, and comes when it is back', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-001');
  await page.getByText('Live', { exact: true }).waitFor();
  await session.bench.stopDaemon();
  await page.getByText('Connection lost').waitFor();
  await page.getByRole('link', { name: 'Docs' }).click();
  const view = page.getByRole('main');
  await view.getByRole('heading', { name: 'This view was not opened before' }).waitFor();
  await view.getByRole('button', { name: 'Copy the command' }).waitFor();
  await session.bench.startDaemon();
  await view.getByRole('heading', { name: 'Docs' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/\/docs$/);
});

test('however many tabs a browser has, one of them holds the stream and all are live', async () => {
  const { context, complaints } = await openPage(session.browser);
  const streams: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/events/stream')) streams.push(request.url());
  });
  const tabs = [];
  for (let count = 0; count < 4; count++) {
    const tab = await context.newPage();
    await tab.goto(session.bench.view('board'));
    await cardIn(tab, 'open', 'T-001');
    await tab.getByText('Live', { exact: true }).waitFor();
    tabs.push(tab);
  }
  expect(streams.length).toBe(1);
  const { id } = await session.bench.run<{ id: string }>(
    'task',
    'add',
    '--title',
    'For all tabs',
    '--priority',
    'P0',
  );
  for (const tab of tabs) await cardIn(tab, 'open', id);

  // The tab that holds it goes; another takes over where it was.
  await tabs.shift()?.close();
  await until(() => streams.length === 2);
  const { id: next } = await session.bench.run<{ id: string }>(
    'task',
    'add',
    '--title',
    'After the change',
    '--priority',
    'P0',
  );
  for (const tab of tabs) await cardIn(tab, 'open', next);
  await context.close();
  expect(complaints).toEqual([]);
});

test('a tab that nobody sees passes on what it hears at once, and soon lets another one listen', async () => {
  const { context, page: hidden } = await openPage(session.browser);
  const streams: unknown[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/events/stream')) streams.push(request);
  });
  // A browser slows or stops the timers of a hidden tab; here none goes off until it is said to.
  await hidden.addInitScript(() => {
    const later = globalThis.setTimeout;
    const waiting: (() => void)[] = [];
    let isHidden = false;
    Object.assign(globalThis, {
      setTimeout: (act: () => void, ms?: number) => {
        if (!isHidden) return later(act, ms);
        waiting.push(act);
        return 0;
      },
      hide: (hides: boolean) => {
        isHidden = hides;
        document.dispatchEvent(new Event('visibilitychange'));
      },
      letTimePass: () => {
        for (const act of waiting.splice(0)) act();
      },
    });
    Object.defineProperty(document, 'hidden', { get: () => isHidden });
    Object.defineProperty(document, 'visibilityState', {
      get: () => (isHidden ? 'hidden' : 'visible'),
    });
  });
  const inHidden = (script: string) => hidden.evaluate(script);
  await hidden.goto(session.bench.view('board'));
  await hidden.getByText('Live', { exact: true }).waitFor();
  const seen = await context.newPage();
  await seen.goto(session.bench.view('board'));
  await seen.getByText('Live', { exact: true }).waitFor();
  await inHidden('hide(true)');
  const add = async (title: string) =>
    (await session.bench.run<{ id: string }>('task', 'add', '--title', title, '--priority', 'P0'))
      .id;

  await cardIn(seen, 'open', await add('Heard by the hidden one'));
  expect(streams.length).toBe(1);
  await inHidden('letTimePass()');
  await until(() => streams.length === 2);
  const later = await add('Heard by the one that is seen');
  await cardIn(seen, 'open', later);
  await inHidden('hide(false); letTimePass()');
  await cardIn(hidden, 'open', later);
  await context.close();
});

test('a change that makes other tasks ready moves them too', async () => {
  const { client, project } = session.bench;
  const { items } = await client.tasks.createBatch({
    params: { project },
    body: {
      tasks: [
        { key: 'a', title: 'Before', priority: 'P0' },
        { title: 'Behind', priority: 'P0', depends_on: ['a'] },
      ],
    },
  });
  const [before, behind] = items.map(({ id }) => id);
  const page = await session.open('board');
  await cardIn(page, 'backlog', behind ?? '');
  await client.tasks.update({
    params: { project, id: before ?? '' },
    body: { status: 'review' },
  });
  await cardIn(page, 'open', behind ?? '');
});

test('a backup that is restored in a terminal shows on the board, which stays live', async () => {
  const { bench } = session;
  const { file } = await bench.run<{ file: string }>('backup');
  // P0: on top of the column, where cards are drawn.
  const add = (title: string) =>
    bench.run<{ id: string }>('task', 'add', '--title', title, '--priority', 'P0');
  const { id } = await add('Soon gone');
  const page = await session.open('board');
  await cardIn(page, 'open', id);
  await page.getByText('Live', { exact: true }).waitFor();
  await bench.run('restore', file);
  await until(async () => !(await cardsIn(page, 'open')).includes(id));
  const { id: next } = await add('After it');
  await cardIn(page, 'open', next);
  expect(await card(page, next).textContent()).toContain('After it');
});

test('a board that is imported into an empty one shows in every tab, which stay live', async () => {
  const { bench } = session;
  const [project, source] = [await bench.addProject('empty'), await bench.addProject('source')];
  const { client } = bench;
  await client.tasks.create({ params: { project: source }, body: { title: 'Imported' } });
  // So that the log that comes is shorter than the one that goes.
  for (const description of 'abcdefgh') {
    await client.projects.update({ params: { project }, body: { description } });
  }
  const { context, complaints } = await openPage(session.browser);
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(`${bench.url}/p/${project}/board`);
    await tab.getByText('Live', { exact: true }).waitFor();
  }
  const file = join(bench.folder, 'board.jsonl');
  await bench.run('board', 'export', file, '--project', source);
  await bench.run('board', 'import', file, '--project', project);
  for (const tab of tabs) await cardIn(tab, 'open', 'T-001');
  await client.tasks.create({ params: { project }, body: { title: 'After it' } });
  for (const tab of tabs) await cardIn(tab, 'open', 'T-002');
  await context.close();
  expect(complaints).toEqual([]);
});
