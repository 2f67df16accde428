import type { Task, TaskInput } from '@codepakt/contract';
import { PRIORITIES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CHANGE_OPTIONS } from '../../shared-options.ts';
import { createdForm } from '../../task-forms.ts';
import { terse } from '../../terse.ts';
import { wrongUsage } from '../../wrong-usage.ts';

export const command = defineCommand({
  name: 'task add',
  summary: 'Add a task, or many at once',
  details:
    'With --batch, FILE is a JSON array or JSON lines of tasks, - is stdin. Their fields are those of the flags; ' +
    'by a `key` of its own a task can be named in the depends_on of others. All are added, or none.',
  examples: [
    'cpk task add "Log in by e-mail" --priority P0 --verify "npm test"',
    'cpk task add --title "Log out" --depends-on T-001 --touches "src/auth/**"',
    'cpk task add --batch tasks.json',
  ],
  positionals: [
    { name: 'words', describe: 'the title, when --title is not given', rest: true, optional: true },
  ],
  options: {
    title: { type: 'text', describe: 'what is to be done, in a line', old: ['t'] },
    description: { type: 'text', describe: 'all there is to know about it', old: ['d'] },
    priority: { type: 'text', choices: PRIORITIES, describe: 'P1 unless told', old: ['p'] },
    epic: { type: 'text', describe: 'what it is a part of', old: ['e'] },
    tags: { type: 'list', describe: 'words to find it by' },
    capabilities: { type: 'list', describe: 'what an agent needs to be able to' },
    touches: { type: 'list', describe: 'globs of the files it will edit' },
    depends_on: { type: 'list', describe: 'tasks that come first' },
    verify: { type: 'text', describe: 'a command that succeeds when it is done' },
    acceptance_criteria: {
      type: 'list',
      describe: 'what has to hold (repeat it; a comma before a blank is text)',
      sentences: true,
      greedy: true,
    },
    context_refs: { type: 'list', describe: 'docs to read first: D-001', greedy: true },
    assignee: { type: 'text', describe: 'for this agent only' },
    hold: { type: 'flag', describe: 'put aside: not to be picked up yet' },
    batch: { type: 'text', describe: 'FILE with many tasks, or -' },
    status: {
      type: 'text',
      choices: ['open', 'backlog'],
      describe: 'backlog: --hold',
      hidden: true,
    },
    ...CHANGE_OPTIONS,
  },
  async run({ words, batch, key, full, status, ...fields }, context) {
    if (batch !== undefined) {
      refuseBesideBatch({ ...fields, title: fields.title ?? words[0] });
      await addBatch(batch, key, full === true, context);
      return;
    }
    const { title: given, hold, ...rest } = fields;
    const title = given ?? words.join(' ');
    if (title === '')
      throw wrongUsage(
        'cpk task add needs a title',
        'cpk task add "What to do", or --batch FILE for many.',
      );
    if (given !== undefined && words.length > 0) throw wrongUsage('the title is given twice');
    const isHeld = hold ?? status === 'backlog';
    const input: TaskInput = { title, ...pickFields(rest), ...(isHeld ? { hold: true } : {}) };
    const { client, params } = context.board();
    const task = await client.tasks.create({ params, body: input }, { key });
    await context.output.print(task, {
      json: full === true ? terse : createdForm,
      human: async (safe) => (await import('../../human/task.ts')).showCreated([safe]),
    });
  },
});

async function addBatch(
  file: string,
  key: string | undefined,
  full: boolean,
  context: Context,
): Promise<void> {
  const { readBatch } = await import('../../read-batch.ts');
  const { tasks, explain } = await readBatch(file, context.invocation.cwd);
  await addTasks({ tasks, key, full }, context).catch((error: unknown) => {
    throw explain(error);
  });
}

/** Adds tasks, all or none, and prints what came of each. */
export async function addTasks(
  { tasks, key, full = false }: { tasks: TaskInput[]; key?: string | undefined; full?: boolean },
  context: Context,
): Promise<void> {
  const { client, params } = context.board();
  const { items } = await client.tasks.createBatch({ params, body: { tasks } }, { key });
  const form = (task: Task, index: number) => {
    const name = tasks[index]?.key;
    return full
      ? terse(task)
      : { ...(name === undefined ? {} : { key: name }), ...(createdForm(task) as object) };
  };
  await context.output.print(items, {
    json: (all) => all.map(form),
    human: async (safe) => (await import('../../human/task.ts')).showCreated(safe),
  });
}

function refuseBesideBatch(others: Record<string, unknown>): void {
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (other === undefined) return;
  throw wrongUsage(`--batch goes alone: write ${other} into the file`);
}

function pickFields<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
