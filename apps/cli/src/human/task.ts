import type {
  ApprovalResult,
  PickupResult,
  PickupWhy,
  Task,
  TaskDetail,
  TaskHead,
  TaskResult,
  Verification,
} from '@codepakt/contract';
import type { Verified } from '../verify-task.ts';
import { colourOfPriority, colourOfStatus, colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';
import { type Column, showTable } from './table.ts';
import { showDuration, showTime } from './time.ts';

const { bold, dim, green, red, yellow } = colours;

/** A table with a column a field. */
export function showTasks(
  tasks: readonly Partial<Task>[],
  fields: readonly (keyof Task)[],
): string {
  if (tasks.length === 0) return dim('no tasks');
  return showTable(tasks, fields.map(columnOf));
}

const NEVER_CUT: ReadonlySet<string> = new Set<keyof Task>(['id', 'status', 'legacy_id']);

function columnOf(field: keyof Task): Column<Partial<Task>> {
  const head = field.replaceAll('_', ' ');
  const cell = (task: Partial<Task>) => showField(field, task[field]);
  if (field === 'title' || field === 'description') return { head, cell, flexible: true };
  return NEVER_CUT.has(field) ? { head, cell } : { head, cell, cuttable: true };
}

function showField(field: keyof Task, value: Task[keyof Task] | undefined): string {
  if (value === undefined || value === null || value === false) return '';
  if (field === 'notes') return String((value as Task['notes']).length);
  if (field === 'status') return colourOfStatus(String(value));
  if (field === 'priority') return colourOfPriority(String(value));
  if (field.endsWith('_at')) return showTime(String(value));
  if (value === true) return 'yes';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Everything about one task, with labels where it is not plain what it is. */
export function showTask(task: TaskDetail): string {
  const { status, hold, assignee, verification } = task;
  const facts: Fact[] = [
    ['status', colourOfStatus(status) + (hold ? dim(' (held)') : '')],
    ['priority', colourOfPriority(task.priority)],
    ['assignee', assignee ?? ''],
    ['lease', showLeaseTime(task)],
    ['epic', task.epic ?? ''],
    ['tags', task.tags.join(', ')],
    ['needs', task.capabilities.join(', ')],
    ['touches', task.touches.join(', ')],
    ['depends on', task.depends_on.join(', ')],
    ['waits for', task.waits_for.join(', '), yellow],
    ['dependents', task.dependents.join(', ')],
    ['blocked', toOneLine(task.blocker_reason ?? ''), red],
    ['read first', task.context.map(({ id, title }) => `${id} ${toOneLine(title)}`).join(', ')],
    ['verify', toOneLine(task.verify ?? '')],
    ['last run', verification === null ? '' : showRun(verification)],
    ['finished by', task.completed_by ?? ''],
    ['reviewed by', task.reviewed_by ?? ''],
    ['created', showTime(task.created_at)],
    ['changed', `${showTime(task.updated_at)}, version ${task.version}`],
  ];
  return [
    `${bold(task.id)}  ${bold(toOneLine(task.title))}`,
    showFacts(facts),
    ...(task.description === null ? [] : ['', task.description]),
    ...showList('acceptance criteria', task.acceptance_criteria),
    ...showNotes(task),
  ].join('\n');
}

type Fact = [label: string, value: string, colour?: (text: string) => string];

/** Those that have a value, one a line. */
function showFacts(facts: readonly Fact[]): string {
  return facts
    .filter(([, value]) => value !== '')
    .map(([label, value, colour = String]) => `${dim(label.padEnd(12))}${colour(value)}`)
    .join('\n');
}

function showList(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ['', dim(title), ...entries.map((entry) => `- ${entry}`)];
}

function showNotes({ notes }: Pick<Task, 'notes'>): string[] {
  if (notes.length === 0) return [];
  const lines = notes.map(
    ({ agent, body, created_at }) =>
      `${dim(`${agent ?? 'a person'}, ${showTime(created_at)}:`)} ${body}`,
  );
  return ['', dim('notes'), ...lines];
}

function showLeaseTime({ status, lease_expires_at, lease_expired }: Task): string {
  if (status !== 'in-progress') return '';
  if (lease_expires_at === null) return 'for ever';
  return lease_expired ? red('has run out') : `runs out ${showTime(lease_expires_at)}`;
}

function showRun({ exit_code, duration_ms, agent, created_at }: Verification): string {
  const result = exit_code === 0 ? green('succeeded') : red(`failed with ${exit_code}`);
  return `${result} after ${showDuration(duration_ms / 1_000)}, ${agent}, ${showTime(created_at)}`;
}

/** `T-001  Log in  open` */
export function showHead({ id, title, status }: Pick<Task, 'id' | 'title' | 'status'>): string {
  return `${bold(id)}  ${toOneLine(title)}  ${colourOfStatus(status)}`;
}

export function showCreated(tasks: readonly Task[]): string {
  return tasks
    .map(
      (task) =>
        showHead(task) + dim(task.deps_met ? '' : `, waits for ${task.waits_for.join(', ')}`),
    )
    .join('\n');
}

/** The task as it is now, and what else the change did. */
export function showChange(result: TaskResult): string {
  const { opened, reverted, waits_for, status, message } = result;
  return [
    showHead(result),
    ...(status === 'backlog' && waits_for.length > 0 ? [`waits for ${waits_for.join(', ')}`] : []),
    ...(opened.length > 0 ? [`ready now: ${opened.join(', ')}`] : []),
    ...(reverted.length > 0 ? [`has to wait again: ${reverted.join(', ')}`] : []),
    ...(message === null ? [] : [message]),
  ].join('\n');
}

/** An approval with the evidence that it rests on. */
export function showApproval(result: ApprovalResult): string {
  const { verification } = result;
  const run = verification === null ? 'never run here' : showRun(verification);
  return [
    showChange(result),
    `${dim('verify      ')}${result.verify === null ? 'no command' : run}`,
    ...showNotes(result),
  ].join('\n');
}

export function showPickup({ task, context, holding, why }: PickupResult): string {
  const held = holding.map(({ id, title }) => `${id} ${toOneLine(title)}`);
  const already =
    held.length === 0 ? [] : ['', `${dim('in progress already:')} ${held.join(', ')}`];
  if (task === null) return [`nothing to pick up: ${showWhy(why)}`, ...already].join('\n');
  const detail: TaskDetail = { ...task, context, dependents: [], verification: null };
  return [showTask(detail), ...already].join('\n');
}

function showWhy(why: PickupWhy | undefined): string {
  if (why === undefined) return 'no task is ready';
  const are = (count: number) => (count === 1 ? 'is' : 'are');
  const reasons: [count: number, what: string][] = [
    [why.waiting, `${why.waiting === 1 ? 'waits' : 'wait'} for dependencies`],
    [why.held, `${are(why.held)} held`],
    [why.blocked, `${are(why.blocked)} blocked`],
    [why.assigned_to_others, `${are(why.assigned_to_others)} for others`],
    [why.filtered_out, `${are(why.filtered_out)} not of what was asked for`],
    [
      why.conflicting,
      `${why.conflicting === 1 ? 'touches' : 'touch'} what is worked on (${why.in_the_way.join(', ')})`,
    ],
    [why.in_progress, `${are(why.in_progress)} in progress`],
  ];
  const told = reasons.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? 'no task is open' : told.join(', ');
}

export function showLease({ id, title, lease_expires_at }: TaskHead): string {
  const end =
    lease_expires_at === null ? 'for ever' : `lease runs out ${showTime(lease_expires_at)}`;
  return `${bold(id)}  ${toOneLine(title)}  ${end}`;
}

export function showVerified({ id, duration_ms }: Verified): string {
  return `${bold(id)}  ${green('verified')} after ${showDuration(duration_ms / 1_000)}`;
}
