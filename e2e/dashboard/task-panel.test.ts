import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fillSampleBoard } from './sample-board.ts';
import { useSession } from './session.ts';
import { until } from './workbench.ts';

const session = useSession(async ({ client, project }) => fillSampleBoard(client, project));

const read = (id: string) => {
  const { client, project } = session.bench;
  return client.tasks.read({ params: { project, id } });
};

async function openTask(id: string): Promise<Page> {
  const page = await session.open(`tasks/${id}`);
  await panelOf(page, id).getByRole('heading', { level: 2 }).waitFor();
  return page;
}

const panelOf = (page: Page, id: string) => page.getByRole('complementary', { name: `Task ${id}` });

test('a link to a task opens it over the board, with everything about it', async () => {
  const page = await openTask('T-007');
  expect(page.url()).toContain('/board?task=T-007');
  const panel = panelOf(page, 'T-007');
  await panel.getByRole('link', { name: 'the decision' }).waitFor();
  const text = await panel.textContent();
  for (const part of [
    'Log in by e-mail link',
    'a second click says why it no longer works',
    'A link works once',
    'npm test -- auth && npm run lint',
    'Passed',
    'D-001 Log in by link, not by password',
    'All of it is there; the tests pass.',
    'approved',
  ]) {
    expect(text).toContain(part);
  }
  await panel.getByRole('link', { name: 'T-008' }).click();
  await panelOf(page, 'T-008').getByText('Sessions that survive a restart').waitFor();
});

test('fields are edited where they are read', async () => {
  const page = await openTask('T-009');
  const panel = panelOf(page, 'T-009');
  await panel.getByRole('button', { name: 'Edit title' }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Delete an account, and prove it');
  await page.keyboard.press('Enter');
  await panel.getByRole('heading', { name: 'Delete an account, and prove it' }).waitFor();

  await panel.getByRole('button', { name: 'Edit description' }).click();
  await page.keyboard.type('Within **30 days**');
  await page.keyboard.press('Control+Enter');
  await panel.locator('strong', { hasText: '30 days' }).waitFor();

  await panel.getByRole('button', { name: 'Edit priority' }).click();
  await panel.getByLabel('Priority').selectOption('P0');
  await panel.getByRole('button', { name: 'Save' }).click();

  await panel.getByRole('button', { name: 'Edit tags' }).click();
  await page.keyboard.type(', gdpr');
  await page.keyboard.press('Enter');
  await until(async () => (await read('T-009')).tags.includes('gdpr'));

  await panel.getByRole('button', { name: 'Edit depends on' }).click();
  await panel.getByRole('combobox').fill('T-011');
  await panel.getByRole('option', { name: /T-011/ }).click();
  await panel.getByRole('button', { name: 'Save' }).click();
  await until(async () => (await read('T-009')).depends_on.includes('T-011'));

  expect(await read('T-009')).toMatchObject({
    title: 'Delete an account, and prove it',
    description: 'Within **30 days**',
    priority: 'P0',
    tags: ['privacy', 'gdpr'],
    depends_on: ['T-008', 'T-011'],
  });
});

test('two who edit one field get a clear conflict, never a silent overwrite', async () => {
  const [one, two] = [await openTask('T-010'), await openTask('T-010')];
  const [first, second] = [panelOf(one, 'T-010'), panelOf(two, 'T-010')];
  await first.getByRole('button', { name: 'Edit title' }).click();
  await second.getByRole('button', { name: 'Edit title' }).click();
  await second.getByRole('textbox', { name: 'Title' }).fill('From the second');
  await two.keyboard.press('Enter');
  await second.getByRole('heading', { name: 'From the second' }).waitFor();

  await first.getByRole('textbox', { name: 'Title' }).fill('From the first');
  await one.keyboard.press('Enter');
  const conflict = first.getByRole('alert');
  await conflict.getByText('From the second').waitFor();
  expect((await read('T-010')).title).toBe('From the second');
  await conflict.getByRole('button', { name: 'Save mine over it' }).click();
  await second.getByRole('heading', { name: 'From the first' }).waitFor();
});

test('changes of different fields merge', async () => {
  const page = await openTask('T-013');
  const panel = panelOf(page, 'T-013');
  await panel.getByRole('button', { name: 'Edit epic' }).click();
  const { client, project } = session.bench;
  await client.tasks.update({
    params: { project, id: 'T-013' },
    body: { title: 'Vouchers, changed elsewhere' },
  });
  await panel.getByRole('combobox', { name: 'Epic' }).fill('marketing');
  await page.keyboard.press('Enter');
  await until(async () => (await read('T-013')).epic === 'marketing');
  expect((await read('T-013')).title).toBe('Vouchers, changed elsewhere');
});

test('the buttons are those that the status allows, and each does what it says', async () => {
  const page = await openTask('T-016');
  const panel = panelOf(page, 'T-016');
  const is = (status: string) => until(async () => (await read('T-016')).status === status);
  const press = (name: string) => panel.getByRole('button', { name }).first().click();

  await press('Put aside');
  await is('backlog');
  await press('Open');
  await is('open');
  await press('Block …');
  await page.keyboard.type('No sender address yet');
  await page.keyboard.press('Control+Enter');
  await is('blocked');
  await panel.locator('.panel-blocked', { hasText: 'No sender address yet' }).waitFor();
  await press('Unblock …');
  await page.keyboard.press('Control+Enter');
  await is('open');
  await press('Cancel task …');
  await page.keyboard.type('Nobody reads it');
  await page.keyboard.press('Control+Enter');
  await is('cancelled');
  await press('Undo last change');
  await is('open');
});

test('a task in review is rejected with a reason and later approved', async () => {
  const page = await openTask('T-033');
  const panel = panelOf(page, 'T-033');
  await panel.getByRole('button', { name: 'Reject …', exact: true }).click();
  await page.keyboard.type('The id is missing in the mail log');
  await page.keyboard.press('Control+Enter');
  await until(async () => (await read('T-033')).status === 'in-progress');
  await panel.getByText('The id is missing in the mail log').first().waitFor();
  await panel.getByRole('button', { name: 'To review …' }).click();
  await page.keyboard.press('Control+Enter');
  await panel.getByRole('button', { name: 'Approve' }).click();
  await until(async () => (await read('T-033')).status === 'done');
});

test('a person can add a note, and the timeline grows with what others do', async () => {
  const page = await openTask('T-022');
  const panel = panelOf(page, 'T-022');
  await panel.getByRole('textbox', { name: 'A note' }).fill('Mind the *retina* sizes');
  await panel.getByRole('button', { name: 'Add the note' }).click();
  await panel.locator('.note em', { hasText: 'retina' }).waitFor();
  const { client, project } = session.bench;
  await client.tasks.pickUp({ params: { project }, body: { id: 'T-022' } }, { agent: 'ada' });
  await panel
    .getByRole('list', { name: /Events/ })
    .getByText('ada')
    .first()
    .waitFor();
});

test('the verify command is copied, not run', async () => {
  const page = await openTask('T-007');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await panelOf(page, 'T-007').getByRole('button', { name: 'Copy the command' }).click();
  await until(
    async () =>
      (await page.evaluate(() => navigator.clipboard.readText())) ===
      'npm test -- auth && npm run lint',
  );
});

test('a task that is not there says so', async () => {
  const page = await session.open('board?task=T-999');
  await page.getByRole('alert').getByText('T-999').first().waitFor();
});
