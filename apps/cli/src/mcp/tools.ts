/**
 * A tool: one command, or one of several that differ in a word. What it takes, and what that means,
 * is read from the commands themselves.
 */
export interface Tool {
  name: string;
  /** The command; or the commands by the word that chooses one. */
  command: string | Readonly<Record<string, string>>;
  /** Names of options and positionals of the command. */
  takes: readonly string[];
  /** In place of the command's summary. */
  summary?: string;
  /** Changes nothing. */
  reads?: true;
}

const FIND_PAGE = ['limit', 'cursor'];
const TASK_FIELDS = [
  'title',
  'description',
  'priority',
  'epic',
  'tags',
  'capabilities',
  'touches',
  'depends_on',
  'verify',
  'acceptance_criteria',
  'context_refs',
  'assignee',
  'hold',
];

/** The tool that adds tasks takes a list of objects, which no command line could. */
export const ADD_TASKS = {
  name: 'task_add',
  command: 'task add',
  fields: TASK_FIELDS,
  summary: 'Add tasks, all or none',
  key: 'a name for this task in depends_on of others',
} as const;

/** Every other tool. The whole list is read by an agent before it does anything: it has to be short. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'task_pickup',
    command: 'task pickup',
    takes: ['id', 'epic', 'tags', 'capabilities', 'lease', 'wait'],
  },
  {
    name: 'task_list',
    command: 'task list',
    takes: ['status', 'assignee', 'epic', 'tag', 'ready', 'search', 'all', ...FIND_PAGE],
    reads: true,
  },
  { name: 'task_mine', command: 'task mine', takes: [], reads: true },
  { name: 'task_show', command: 'task show', takes: ['id'], reads: true },
  {
    name: 'task_update',
    command: 'task update',
    takes: ['id', ...TASK_FIELDS, 'reason'],
  },
  { name: 'task_done', command: 'task done', takes: ['id', 'note', 'verify', 'force', 'claim'] },
  {
    name: 'task_act',
    command: {
      note: 'task note',
      block: 'task block',
      unblock: 'task unblock',
      release: 'task release',
      approve: 'task approve',
      reject: 'task reject',
      cancel: 'task cancel',
      heartbeat: 'task heartbeat',
      verify: 'task verify',
    },
    takes: ['id', 'text', 'reason', 'note', 'reopen', 'claim', 'force'],
    summary: 'note takes text; block, reject and cancel take a reason; release gives the task back',
  },
  {
    name: 'board',
    command: { status: 'board status', graph: 'task graph', agents: 'agent list' },
    takes: [],
    summary: 'Counts and who does what, dependencies, or agents',
    reads: true,
  },
  {
    name: 'events',
    command: 'events',
    takes: ['task', 'agent', 'since', ...FIND_PAGE],
    summary: 'The audit trail, newest first',
    reads: true,
  },
  { name: 'undo', command: 'undo', takes: ['event'] },
  {
    name: 'docs_find',
    command: { search: 'docs search', list: 'docs list' },
    takes: ['words', 'type', 'limit'],
    summary: 'What others wrote down',
    reads: true,
  },
  { name: 'docs_read', command: 'docs read', takes: ['id'], reads: true },
  {
    name: 'docs_write',
    command: { write: 'docs write', update: 'docs update', delete: 'docs delete' },
    takes: ['id', 'type', 'title', 'body', 'section', 'tags'],
    summary: 'write needs type, title and body; update and delete need id',
  },
  {
    name: 'code_symbols',
    command: 'code symbols',
    takes: ['name', 'file', 'exported', 'limit', 'fresh'],
    reads: true,
  },
  { name: 'code_search', command: 'code search', takes: ['words', 'limit', 'fresh'], reads: true },
  { name: 'code_source', command: 'code source', takes: ['of', 'fresh'], reads: true },
  {
    name: 'code_file',
    command: {
      outline: 'code outline',
      imports: 'code imports',
      dependents: 'code dependents',
    },
    takes: ['file', 'transitive', 'fresh'],
    summary: 'What a file declares, what it imports, or who imports it',
    reads: true,
  },
  {
    name: 'code_project',
    command: {
      summary: 'code summary',
      path: 'code path',
      cycles: 'code cycles',
      orphans: 'code orphans',
    },
    takes: ['from', 'to', 'limit', 'fresh'],
    summary: 'At a glance; how a file reaches another; circles; what nothing imports',
    reads: true,
  },
];
