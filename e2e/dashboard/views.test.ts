import { expect, test } from 'vitest';
import { fillSampleBoard } from './sample-board.ts';
import { cardIn, useSession } from './session.ts';
import { until } from './workbench.ts';

const session = useSession(async ({ client, project }) => fillSampleBoard(client, project));

test('the review queue is worked through by keys alone', async () => {
  const page = await session.open('review');
  const { client, project } = session.bench;
  const status = async (id: string) =>
    (await client.tasks.read({ params: { project, id } })).status;
  const shown = page.getByRole('article');
  await shown.getByText('I tried it with 50 at once').waitFor();
  await shown.getByText('Order confirmation by e-mail').waitFor();
  await page.keyboard.press('j');
  await shown.getByText('The clock was read twice').waitFor();
  await page.keyboard.press('k');
  await shown.getByText('I tried it with 50 at once').waitFor();
  await page.keyboard.press('a');
  await until(async () => (await status('T-015')) === 'done');
  await shown.getByText('The clock was read twice').waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('It still fails at midnight');
  await page.keyboard.press('Control+Enter');
  await until(async () => (await status('T-038')) === 'in-progress');
  await shown.getByText('Trigram index').waitFor();
  await page.keyboard.press('z');
  await until(async () => (await status('T-038')) === 'review');
});

test('the graph draws tasks and dependencies, marks the critical path and opens a task', async () => {
  const page = await session.open('graph');
  // It begins where the critical path does, large enough to be read.
  await page.locator('.graph-node[data-critical]').first().waitFor();
  const { client, project } = session.bench;
  const { nodes, edges, critical_path } = await client.board.graph({ params: { project } });
  await page.getByRole('button', { name: 'Fit View' }).click();
  await until(async () => (await page.locator('.react-flow__node').count()) === nodes.length);
  await until(async () => (await page.locator('.react-flow__edge').count()) === edges.length);
  expect(await page.locator('.graph-node[data-critical]').count()).toBe(critical_path.length);
  const zoom = () =>
    page.locator('.react-flow__viewport').evaluate((node) => (node as HTMLElement).style.transform);
  const before = await zoom();
  await page.getByRole('button', { name: 'Zoom In' }).click();
  await until(async () => (await zoom()) !== before);
  await page.locator('.graph-node', { hasText: 'T-024' }).click();
  await page.getByRole('complementary', { name: 'Task T-024' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: /^Epic/ }).selectOption('accounts');
  await until(() => page.url().includes('epic=accounts'));
  await until(async () => (await page.locator('.react-flow__node').count()) < nodes.length);
  await page.getByRole('button', { name: 'Finished ones too' }).click();
  await page.locator('.graph-node[data-status="done"]', { hasText: 'T-007' }).waitFor();
});

test('agents are shown with what they hold', async () => {
  const page = await session.open('agents');
  const agent = page.getByRole('listitem').filter({ hasText: 'claude-frontend' }).first();
  await agent.getByText('Everything works by keyboard').waitFor();
  await agent.getByRole('link', { name: 'What it did' }).click();
  await until(() => page.url().includes('activity?agent=claude-frontend'));
  await page.getByText('The menu traps the focus').first().waitFor();
});

test('an agent whose lease has run out stands out', async () => {
  const { client, project } = session.bench;
  const { id } = await client.tasks.create({ params: { project }, body: { title: 'Left alone' } });
  await client.tasks.pickUp({ params: { project }, body: { id, lease: 3_600 } }, { agent: 'lost' });
  const present = await session.open('agents');
  await present.locator('.agent:not([data-stuck])', { hasText: 'lost' }).waitFor();
  const page = await session.open('agents', { clock: Date.now() + 7_200_000 });
  const agent = page.locator('.agent[data-stuck]', { hasText: 'lost' });
  await agent.getByText(`The lease of ${id} has run out.`).waitFor();
});

test('activity is the log, filtered by agent, act and task, with charts of it', async () => {
  const page = await session.open('activity');
  const log = page.getByRole('list', { name: 'Events, newest first' });
  await log.getByText('We set no cookie that needs one').waitFor();
  await page.getByRole('img', { name: /tasks created/ }).waitFor();
  await page.getByRole('img', { name: /Cycle times of/ }).waitFor();
  await page.getByRole('combobox', { name: /^What/ }).selectOption('task_blocked');
  await until(async () => (await log.locator(':scope > li').count()) === 2);
  await page.getByRole('combobox', { name: /^By/ }).selectOption('codex-tests');
  await until(async () => (await log.locator(':scope > li').count()) === 1);
  await log.getByText('No token for the hosting account').waitFor();
  const fresh = await session.open('activity?about=T-015');
  await fresh.getByText('I tried it with 50 at once').waitFor();
  expect(await fresh.getByRole('list', { name: /Events/ }).textContent()).not.toContain('T-031');
});

test('docs are found as one types, read, written, edited, deleted and brought back', async () => {
  const page = await session.open('docs');
  await page.getByRole('link', { name: /How to restore a backup/ }).waitFor();
  await page.getByRole('searchbox').fill('round');
  const found = page.getByRole('list', { name: 'Docs found' });
  await found.getByText('Prices are integers').waitFor();
  expect(await found.locator('mark').allTextContents()).toContain('rounded');
  await found.getByRole('link').first().click();
  await page.getByRole('article').getByText('Twice we rounded a price').waitFor();

  await page.getByRole('button', { name: 'New doc' }).click();
  await page.getByLabel('Title').fill('Names of branches');
  await page.getByLabel('Text, in Markdown').fill('A branch is named after its *task*.');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.locator('.doc-form-preview em').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  const doc = page.getByRole('article');
  await doc.getByRole('heading', { name: 'Names of branches' }).waitFor();

  await doc.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Text, in Markdown').fill('A branch is named after its **id**.');
  await page.keyboard.press('Control+Enter');
  await doc.locator('strong', { hasText: 'id' }).waitFor();

  await doc.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
  await until(() => page.url().endsWith('/docs'));
  await page.keyboard.press('z');
  const { client, project } = session.bench;
  await until(async () =>
    (await client.docs.list({ params: { project } })).items.some(
      ({ title }) => title === 'Names of branches',
    ),
  );
});

test('two who edit one doc get a conflict', async () => {
  const page = await session.open('docs/D-004?write=edit');
  await page.getByLabel('Text, in Markdown').fill('From the page');
  const { client, project } = session.bench;
  await client.docs.update({ params: { project, id: 'D-004' }, body: { body: 'From elsewhere' } });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('body was changed').waitFor();
  const { body } = await client.docs.read({ params: { project, id: 'D-004' } });
  expect(body).toBe('From elsewhere');
});

test('Ctrl-K goes to tasks, docs and views by typing', async () => {
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-009');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await palette.getByRole('option', { name: /Review/ }).waitFor();
  await page.keyboard.type('gift');
  await palette.getByRole('option', { name: /T-054 Gift cards/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Task T-054' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('activ');
  await palette
    .getByRole('option', { name: /Activity/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await until(() => page.url().includes('/activity'));
});

test('the switcher goes to another project, whose board says what to do first', async () => {
  await session.bench.addProject('second-shop');
  const page = await session.open('board');
  await cardIn(page, 'open', 'T-009');
  await page.getByRole('button', { name: /switch project/ }).click();
  await page.getByRole('link', { name: /second-shop/ }).click();
  await page.getByRole('heading', { name: 'The board is empty' }).waitFor();
  await page.getByText('cpk task add --title "The first thing to do"').waitFor();
  // What `cpk open` opens is the board of the project in whose folder it was called.
  const { url } = await session.bench.run<{ url: string }>('open', '--print');
  await page.goto(url);
  await cardIn(page, 'open', 'T-009');
  expect(page.url()).toBe(session.bench.view('board'));
  await page.goBack();
  await page.getByRole('heading', { name: 'The board is empty' }).waitFor();
  for (const [view, command] of [
    ['Review', 'cpk task done'],
    ['Graph', 'cpk task add'],
    ['Agents', 'cpk task pickup'],
    ['Docs', 'cpk docs write'],
  ] as const) {
    await page.getByRole('link', { name: view, exact: true }).click();
    await page.locator('.command', { hasText: command }).first().waitFor();
  }
});

test('an unknown project and an unknown page say so', async () => {
  const page = await session.open('../nothing-here/board');
  await page.getByRole('alert').getByText('nothing-here').waitFor();
  await page.goto(`${session.bench.url}/nowhere`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
});
