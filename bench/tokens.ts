import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskInput } from '@codepakt/contract';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { against, table } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { Site } from './site.ts';

const CYCLE_BAR = 300;
const LIST_BAR = 2_000;
const LISTED = 50;

/** A task as people write them, whose own text is not counted. */
const TASK: TaskInput = {
  title: 'Sessions expire after thirty idle minutes',
  description:
    'A session that saw no request for thirty minutes is over: the next request answers 401 and the ' +
    'cookie is cleared. The time is a setting, SESSION_IDLE_SECONDS. Requests of the health check do ' +
    'not count as use. See the decision on tokens for why there is no refresh token.',
  priority: 'P0',
  epic: 'auth',
  tags: ['backend', 'security'],
  touches: ['src/auth/**'],
  acceptance_criteria: [
    'A request after 31 minutes answers 401 and clears the cookie',
    'A request every 20 minutes keeps the session alive',
    'The setting changes the time without a new build',
  ],
  context_refs: ['D-001'],
  verify: 'npm test -- auth',
};
const DOC = { title: 'Tokens are opaque and live in the database', body: 'No JWT, because …' };
const NOTE = 'The idle time is stored beside the session; the clock is injected, see session.ts.';

const VERBS = ['Add', 'Move', 'Test', 'Document', 'Mend', 'Speed up', 'Remove'];
const THINGS = [
  'the login form for small screens',
  'rate limits on the public API',
  'retries when the mail server is down',
  'the export of invoices as PDF',
  'dark mode in the settings page',
  'the migration to numbered releases',
  'search by customer and date',
];
const EPICS = ['auth', 'mail', 'billing'];

/** How much an agent has to read: tokens of what `cpk` prints, counted by a public tokenizer. */
export async function main({ cpk }: BenchOptions): Promise<void> {
  await using site = await Site.open(cpk);
  await site.startDaemon();
  const rows = [...measureCycle(site), measureList(site)];
  console.log('\nTokens that an agent reads (o200k_base)');
  console.log(table(['what', 'tokens', 'its own text', 'besides', 'bar'], rows));
}

function measureCycle(site: Site): string[][] {
  const { root } = site.addProject('cycle');
  site.run(root, 'docs', 'write', '--title', DOC.title, '--type', 'decision', '--body', DOC.body);
  addTasks(site, root, [TASK, { title: 'Log out everywhere', depends_on: ['T-001'] }]);
  const as = ['--agent', 'claude-1'];
  const printed = {
    pickup: site.run(root, 'task', 'pickup', ...as),
    note: site.run(root, 'task', 'note', 'T-001', NOTE, ...as),
    done: site.run(root, 'task', 'done', 'T-001', '--note', NOTE, ...as),
  };
  const { title, description, acceptance_criteria, verify, epic, tags, touches } = TASK;
  const text = [title, description, acceptance_criteria, verify, epic, tags, touches, DOC.title];
  const own = text.map((part) => countTokens(JSON.stringify(part))).reduce((sum, n) => sum + n, 0);
  const total = countTokens(Object.values(printed).join(''));
  return [
    ...Object.entries(printed).map(([name, output]) => [`task ${name}`, `${countTokens(output)}`]),
    [
      'pickup → note → done',
      `${total}`,
      `${own}`,
      `${total - own}`,
      against(total - own, CYCLE_BAR, 'at most'),
    ],
  ];
}

function measureList(site: Site): string[] {
  const { root } = site.addProject('list');
  addTasks(
    site,
    root,
    Array.from({ length: LISTED }, (_, index) => listed(index)),
  );
  for (const agent of ['claude-1', 'claude-2', 'codex'])
    site.run(root, 'task', 'pickup', '--agent', agent);
  const output = site.run(root, 'task', 'list');
  const tasks = JSON.parse(output) as { title: string }[];
  if (tasks.length !== LISTED) throw new Error(`${tasks.length} tasks were listed`);
  const own = tasks.map(({ title }) => countTokens(title)).reduce((sum, n) => sum + n, 0);
  const total = countTokens(output);
  return [
    `task list, ${LISTED} tasks`,
    `${total}`,
    `${own}`,
    `${total - own}`,
    against(total, LIST_BAR, 'at most'),
  ];
}

/** Titles of six to nine words; every third has an epic, every fourth waits for one or two others. */
function listed(index: number): TaskInput {
  const waits = index % 4 === 3;
  return {
    key: `k${index}`,
    title: `${VERBS[index % VERBS.length]} ${THINGS[Math.floor(index / 7) % THINGS.length]}`,
    priority: (['P0', 'P1', 'P2'] as const)[index % 3] ?? 'P1',
    epic: index % 3 === 0 ? (EPICS[index % 2] ?? null) : null,
    depends_on: waits ? [`k${index - 1}`, ...(index % 8 === 7 ? [`k${index - 3}`] : [])] : [],
  };
}

function addTasks(site: Site, root: string, tasks: TaskInput[]): void {
  const batch = join(site.folder, 'batch.json');
  writeFileSync(batch, JSON.stringify(tasks));
  site.run(root, 'task', 'add', '--batch', batch);
}
