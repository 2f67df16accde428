import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fillSampleBoard } from './sample-board.ts';
import { card, cardIn, cardsIn, useSession } from './session.ts';
import { until } from './workbench.ts';

const session = useSession(async ({ client, project }) => fillSampleBoard(client, project));

async function statusOf(id: string): Promise<string> {
  const { client, project } = session.bench;
  return (await client.tasks.read({ params: { project, id } })).status;
}

async function addTask(title: string, rest: object = {}): Promise<string> {
  const { client, project } = session.bench;
  const { id } = await client.tasks.create({
    params: { project },
    body: { title, priority: 'P0', ...rest },
  });
  return id;
}

test('the board shows every status in its column, and what is blocked above', async () => {
  const page = await session.open('board');
  await cardIn(page, 'review', 'T-015');
  expect(await page.locator('.column h2').allTextContents()).toEqual([
    'Backlog',
    'Open',
    'In progress',
    'Review',
    'Done',
  ]);
  const band = page.getByRole('region', { name: 'Blocked' });
  expect(await band.locator('[data-card]').count()).toBe(2);
  expect(await band.textContent()).toContain('No token for the hosting account');
  expect(await card(page, 'T-024').textContent()).toContain('Waits for T-021, T-022');
  expect(await card(page, 'T-023').textContent()).toContain('claude-frontend');
});

test('a card dragged by mouse into another column changes the task, and Z takes it back', async () => {
  const id = await addTask('Drag me');
  const page = await session.open('board');
  await cardIn(page, 'open', id);
  await dragTo(page, id, '.column[data-status="review"]');
  await cardIn(page, 'review', id);
  await page.getByText(`${id} is now in Review`).first().waitFor();
  expect(await statusOf(id)).toBe('review');
  await page.keyboard.press('z');
  await cardIn(page, 'open', id);
  expect(await statusOf(id)).toBe('open');
});

test('a card goes to another column by keyboard, and a screen reader is told of every step', async () => {
  const id = await addTask('Carry me');
  const page = await session.open('board');
  await card(page, id).focus();
  const told = await listen(page);
  // As fast as keys can come: none waits for what the one before has done.
  for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space']) await page.keyboard.press(key);
  await cardIn(page, 'review', id);
  expect(await told()).toEqual([
    `Picked up. ${id} is over Open.`,
    `${id} is over In progress.`,
    `${id} is over Review.`,
    `${id} was dropped in Review.`,
  ]);
  await until(async () => (await focusedCard(page)) === id);
  await until(async () => (await statusOf(id)) === 'review');

  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await page.locator(`.blocked-band [data-card="${id}"]`).waitFor();
  await until(async () => (await focusedCard(page)) === id);
  await until(async () => (await statusOf(id)) === 'blocked');
});

test('what others do meanwhile does not take a carried card out of the hand', async () => {
  const id = await addTask('Carry me through it');
  const page = await session.open('board');
  await card(page, id).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  const other = await addTask('Comes meanwhile');
  await cardIn(page, 'open', other);
  const { client, project } = session.bench;
  await client.tasks.update({ params: { project, id }, body: { priority: 'P2' } });
  // It is now so far down that the column does not draw it.
  await card(page, id).waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await cardIn(page, 'review', id);
  await until(async () => (await statusOf(id)) === 'review');
});

test('Escape leaves a carried card where it was', async () => {
  const id = await addTask('Leave me');
  const page = await session.open('board');
  await card(page, id).focus();
  const told = await listen(page);
  for (const key of ['Space', 'ArrowRight', 'Escape']) await page.keyboard.press(key);
  expect((await told()).at(-1)).toBe(`${id} stays where it was.`);
  expect(await focusedCard(page)).toBe(id);
  expect(await statusOf(id)).toBe('open');
});

test('a card whose dependencies are unmet goes to the backlog, and a message says why', async () => {
  const id = await addTask('I wait', { depends_on: ['T-024'] });
  const page = await session.open('board?q=wait');
  await cardIn(page, 'backlog', id);
  await dragTo(page, id, '.column[data-status="open"]');
  await page.locator('.toast', { hasText: 'T-024' }).waitFor();
  await cardIn(page, 'backlog', id);
});

test('a refused move puts the card back and says so', async () => {
  const id = await addTask('Moved by two');
  const page = await session.open('board');
  await cardIn(page, 'open', id);
  // What this page knows is old: it does not hear what happens.
  await page.route('**/events**', (route) => route.abort());
  const { client, project } = session.bench;
  await page.route(`**/tasks/${id}`, async (route) => {
    if (route.request().method() === 'PATCH') {
      await client.tasks.update({ params: { project, id }, body: { status: 'done' } });
    }
    await route.continue();
  });
  await dragTo(page, id, '.column[data-status="review"]');
  await page.locator('.toast[data-kind="failed"]', { hasText: 'status was changed' }).waitFor();
  await cardIn(page, 'done', id);
  expect(await statusOf(id)).toBe('done');
});

test('filters narrow the board, stand in the URL and come back from it', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-009');
  await page.getByRole('combobox', { name: /^Epic/ }).selectOption('accounts');
  await page.getByRole('button', { name: 'P1', exact: true }).click();
  await until(() => page.url().includes('epic=accounts') && page.url().includes('priority=P1'));
  await until(async () => (await cardsIn(page, 'open')).includes('T-009'));
  await until(async () => !(await cardsIn(page, 'open')).includes('T-016'));
  await page.reload();
  await cardIn(page, 'open', 'T-009');
  expect(await cardsIn(page, 'open')).not.toContain('T-016');
  await page.getByRole('button', { name: 'Clear' }).click();
  await cardIn(page, 'open', 'T-016');

  await page.keyboard.press('/');
  await page.keyboard.type('refund');
  await until(() => page.url().includes('q=refund'));
  await until(async () => (await cardsIn(page, 'open')).join() === 'T-017');
});

test('grouped by agent, a column says who has how many', async () => {
  const page = await session.open('board?group=agent');
  const headings = page.locator('.column[data-status="in-progress"] .group-heading');
  await headings.first().waitFor();
  expect(await headings.allTextContents()).toContain('claude-backend 2');
});

test('Backlog and Done can be put away', async () => {
  const page = await session.open('board');
  await cardIn(page, 'backlog', 'T-024');
  await page.getByRole('button', { name: 'Hide Backlog' }).click();
  await page.getByRole('button', { name: /Backlog.*show the column/ }).waitFor();
  expect(page.url()).toContain('hide=backlog');
  expect(await page.locator('.column[data-status="backlog"]').count()).toBe(0);
});

test('N asks for a new task, with what it depends on and how it is verified', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-009');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Made in the dashboard');
  await dialog.getByLabel('Priority').selectOption('P0');
  await dialog.getByLabel('Depends on').fill('flaky');
  await dialog.getByRole('option', { name: /T-038/ }).waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Verify').fill('npm test');
  await dialog.getByLabel('Touches').fill('src/a/**\nsrc/b/**');
  await dialog.getByRole('button', { name: 'Add the task' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('[data-card]', { hasText: 'Made in the dashboard' }).first().waitFor();
  const { client, project } = session.bench;
  const { items } = await client.tasks.list({
    params: { project },
    query: { search: 'Made in the dashboard' },
  });
  expect(items[0]).toMatchObject({
    priority: 'P0',
    depends_on: ['T-038'],
    verify: 'npm test',
    touches: ['src/a/**', 'src/b/**'],
  });
});

test('several cards are chosen and changed at once, and one key takes all of it back', async () => {
  const ids = [await addTask('Choose one'), await addTask('Choose two')];
  const [first = '', second = ''] = ids;
  const { client, project } = session.bench;
  const tasks = async () =>
    (await client.tasks.list({ params: { project }, query: { id: ids, all: true } })).items;
  const page = await session.open('board?q=choose');
  const bar = page.getByRole('region', { name: 'Chosen tasks' });
  const choose = async () => {
    await card(page, first).focus();
    await page.keyboard.press('x');
    await card(page, second).click({ modifiers: ['Control'] });
    expect(await bar.textContent()).toContain('2 chosen');
  };
  const became = async (says: string, values: object) => {
    await bar.waitFor({ state: 'detached' });
    await page.locator('.toast', { hasText: `2 tasks: ${says}` }).waitFor();
    expect(await tasks()).toMatchObject([values, values]);
  };

  await choose();
  await bar.getByLabel('Set the priority').selectOption('P2');
  await became('P2', { priority: 'P2' });
  await choose();
  await bar.getByLabel('Set the epic').fill('chosen');
  await page.keyboard.press('Enter');
  await became('epic chosen', { epic: 'chosen' });
  await choose();
  await bar.getByLabel('Set the assignee').fill('ada');
  await page.keyboard.press('Enter');
  await became('for ada', { assignee: 'ada', status: 'open' });
  await choose();
  await bar.getByRole('button', { name: 'Cancel tasks' }).click();
  await became('cancelled', { status: 'cancelled' });

  await page.keyboard.press('z');
  await page.locator('.toast', { hasText: '2 tasks: as before' }).waitFor();
  expect(await tasks()).toMatchObject([{ status: 'open' }, { status: 'open' }]);
});

test('Done holds the last 14 days; older and cancelled ones are there when asked for', async () => {
  const done = 'T-020';
  const page = await session.open('board', { clock: Date.now() + 15 * 86_400_000 });
  await page.getByText('Nothing was finished in the last 14 days').waitFor();
  const filter = page.getByRole('combobox', { name: /^Done/ });
  await filter.selectOption('all');
  await cardIn(page, 'done', done);
  expect(await page.locator('.column[data-status="cancelled"]').count()).toBe(0);
  await filter.selectOption('cancelled too');
  await cardIn(page, 'cancelled', 'T-046');
  await cardIn(page, 'done', done);
});

test('on a phone a card is held and dragged, and a swipe scrolls', async () => {
  const id = await addTask('Hold me', { epic: 'phone' });
  for (let n = 0; n < 12; n++) await addTask(`Below ${n}`, { epic: 'phone' });
  const page = await session.open('board?epic=phone&hide=backlog', { width: 390, height: 844 });
  await cardIn(page, 'open', id);
  const { x, y } = (await card(page, id).boundingBox()) ?? { x: 0, y: 0 };
  const finger = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [at] });

  await touch('touchStart', { x: x + 60, y: y + 20 });
  await page.locator(`[data-dragged][data-card="${id}"]`).waitFor();
  // At the edge the board scrolls on; how far, before the finger goes back, is a matter of time.
  const next = page.locator('.column[data-status="in-progress"]');
  let moves = 0;
  await until(async () => {
    await touch('touchMove', { x: Math.min(375, 200 + 25 * moves++), y: y + 60 + (moves % 3) });
    return ((await next.boundingBox())?.x ?? 999) < 150;
  });
  await touch('touchMove', { x: 200, y: y + 60 });
  const over = page.locator('.column[data-over]:not([data-status="open"])');
  await over.waitFor();
  const status = (await over.getAttribute('data-status')) ?? '';
  await touch('touchEnd');
  await cardIn(page, status, id);
  await until(async () => (await statusOf(id)) === status);

  await page.locator('.board').evaluate((board) => board.scrollTo(0, 0));
  // Sent without a pause, which would make it a hold.
  await Promise.all([
    touch('touchStart', { x: x + 60, y: y + 200 }),
    ...[1, 2, 3, 4, 5].map((step) => touch('touchMove', { x: x + 60, y: y + 200 - step * 30 })),
    touch('touchEnd'),
  ]);
  const scroller = page.locator('.column[data-status="open"] .column-scroll');
  await until(() => scroller.evaluate((node) => node.scrollTop > 50));
  expect(await page.locator('[data-dragged]').count()).toBe(0);
});

test('the arrow keys walk over the cards, Enter opens one, Escape comes back', async () => {
  const page = await session.open('board?epic=accounts');
  await cardIn(page, 'open', 'T-009');
  await card(page, 'T-009').focus();
  await page.keyboard.press('ArrowDown');
  const focused = () => focusedCard(page);
  await until(async () => (await focused()) !== 'T-009' && (await focused()) !== undefined);
  await page.keyboard.press('ArrowUp');
  await until(async () => (await focused()) === 'T-009');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Task T-009' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Task T-009' }).waitFor({ state: 'detached' });
  await until(async () => (await focused()) === 'T-009');
});

function focusedCard(page: Page): Promise<string | undefined> {
  return page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.card);
}

/** Notes from now on what a screen reader is told about the card that is carried. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  const told = await page.locator('[data-carry-says]').evaluateHandle((region) => {
    const texts: string[] = [];
    new MutationObserver(() => texts.push(region.textContent ?? '')).observe(region, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    return texts;
  });
  return () => told.jsonValue();
}

async function dragTo(page: Page, id: string, target: string): Promise<void> {
  const from = await card(page, id).boundingBox();
  const to = await page.locator(target).boundingBox();
  if (from === null || to === null) throw new Error('what is dragged is not in sight');
  await page.mouse.move(from.x + 30, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 45, from.y + 30, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 });
  await page.locator(`${target}[data-over]`).waitFor();
  await page.mouse.up();
}
