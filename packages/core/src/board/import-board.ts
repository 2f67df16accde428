import {
  type AgentLine,
  type BoardHeadLine,
  type BoardLine,
  CodepaktError,
  type DocLine,
  type EventLine,
  type ImportResult,
  type NoteLine,
  type Status,
  type TaskLine,
} from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { DocRow, TaskRow } from '../database/schema.ts';
import { notToldIn } from '../doctor/examine-history.ts';
import { forgetUntold, noteUntold } from '../doctor/moments.ts';
import { insertEvent } from '../events/insert-event.ts';
import { numberOf, taskId } from '../ids.ts';
import { closingEdges } from '../tasks/closing-edges.ts';
import { circularDependency, findCircle, insertDependencies } from '../tasks/dependencies.ts';
import { isResolved } from '../tasks/load-task.ts';
import { toRank } from '../tasks/task-row.ts';
import { toEnd } from '../to-end.ts';
import { lineError, readBoardLines } from './read-board-lines.ts';

/**
 * Puts an exported board in the place of an empty one, exactly as it was: ids, versions, claims
 * and events included. Only the project's own id stays. The birth of the empty board goes from its
 * log: what happened is what the imported log tells.
 * @throws CodepaktError `board_not_empty`; `malformed_body`, `invalid_input`, `too_large` naming the line
 */
export function importBoard(ctx: Context, lines: Iterable<string>): ImportResult {
  return toEnd(importLines(ctx, lines));
}

/** The same, with a pause after each line, for who has other things to do as well. */
export function* importLines(
  ctx: Context,
  lines: Iterable<string>,
): Generator<undefined, ImportResult> {
  refuseUnlessEmpty(ctx);
  clearLog(ctx);
  const result: ImportResult = { tasks: 0, notes: 0, docs: 0, agents: 0, events: 0 };
  const tasks: Tasks = { statuses: new Map(), dependencies: new Map(), lines: new Map() };
  let areTasksComplete = false;
  for (const { number, line } of readBoardLines(lines)) {
    if (!areTasksComplete && !BEFORE_NOTES.has(line.kind)) {
      linkTasks(ctx, tasks);
      areTasksComplete = true;
    }
    if (line.kind === 'end') {
      const { kind: _, ...counts } = line;
      Object.assign(result, counts);
    } else insertLine(ctx, number, line, tasks);
    yield;
  }
  // A file that somebody made or changed by hand is taken as it is.
  noteUntold(ctx, yield* notToldIn(ctx));
  return result;
}

const BEFORE_NOTES = new Set<BoardLine['kind']>(['board', 'agent', 'task']);

/** What tasks say of each other, kept until all are there. */
interface Tasks {
  statuses: Map<number, Status>;
  dependencies: Map<number, number[]>;
  /** The line in which a task stands. */
  lines: Map<number, number>;
}

/** Whether nothing has happened on a board yet but that it was made. */
export function isEmpty({ db }: Context): boolean {
  const task = db.first(sqlBuilder.selectFrom('tasks').select('id').limit(1));
  const doc = db.first(sqlBuilder.selectFrom('docs').select('id').limit(1));
  const event = db.first(
    sqlBuilder
      .selectFrom('events')
      .select('id')
      .where('action', 'not in', ['project_created', 'project_updated', 'scan_completed'])
      .limit(1),
  );
  return task === undefined && doc === undefined && event === undefined;
}

/** @throws CodepaktError `board_not_empty` */
export function refuseUnlessEmpty(ctx: Context): void {
  if (!isEmpty(ctx)) throw notEmpty();
}

export function notEmpty(): CodepaktError {
  return new CodepaktError('board_not_empty', 'a board can only be imported into an empty one', {
    hint: 'Run `cpk init` in a new folder and import it there.',
  });
}

/** The log only ever grows; here it is replaced, so its guard steps aside within this transaction. */
export function clearLog(ctx: Context): void {
  const { db } = ctx;
  const guard = db.first(
    raw<{
      sql: string;
    }>`SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'events_stay'`,
  );
  if (guard === undefined) throw new Error('the trigger events_stay is missing');
  db.exec('DROP TRIGGER events_stay');
  db.exec('DELETE FROM events');
  db.exec(guard.sql);
  db.exec('DELETE FROM agents');
  forgetUntold(ctx);
}

function insertLine(
  ctx: Context,
  number: number,
  line: Exclude<BoardLine, { kind: 'end' }>,
  tasks: Tasks,
): void {
  try {
    if (line.kind === 'board') insertHead(ctx, line);
    else if (line.kind === 'agent') ctx.db.run(insertAgent, line);
    else if (line.kind === 'task') insertTask(ctx, number, line, tasks);
    else if (line.kind === 'note') insertNote(ctx, number, line, tasks);
    else if (line.kind === 'doc') insertDoc(ctx, line);
    else insertEventLine(ctx, line);
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_CONSTRAINT')) {
      throw error;
    }
    throw lineError(number, `no board can hold this: ${error.message}`, { cause: error });
  }
}

function insertHead({ db }: Context, line: BoardHeadLine): void {
  const { name, description, created_at, last_doc } = line;
  const settings = JSON.stringify(line.settings);
  db.run(sqlBuilder.updateTable('projects').set({ name, description, settings, created_at }));
  if (last_doc === 0) return;
  // Docs that were deleted leave their numbers behind.
  db.run(raw`DELETE FROM sqlite_sequence WHERE name = 'docs'`);
  db.run(raw`INSERT INTO sqlite_sequence (name, seq) VALUES ('docs', ${last_doc})`);
}

const insertAgent = prepared<Omit<AgentLine, 'kind'>, unknown>((p) =>
  sqlBuilder.insertInto('agents').values({ name: p.name, last_seen: p.last_seen }),
);

type TaskColumns = Omit<TaskRow, 'deps_met' | 'unmet'>;

const taskRow = prepared<TaskColumns, unknown>((p) =>
  sqlBuilder.insertInto('tasks').values({
    id: p.id,
    title: p.title,
    status: p.status,
    hold: p.hold,
    priority: p.priority,
    assignee: p.assignee,
    epic: p.epic,
    tags: p.tags,
    capabilities: p.capabilities,
    touches: p.touches,
    claim: p.claim,
    lease_seconds: p.lease_seconds,
    lease_expires_at: p.lease_expires_at,
    expiries: p.expiries,
    completed_by: p.completed_by,
    reviewed_by: p.reviewed_by,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    started_at: p.started_at,
    completed_at: p.completed_at,
    legacy_id: p.legacy_id,
    blocker_reason: p.blocker_reason,
    verify: p.verify,
    acceptance_criteria: p.acceptance_criteria,
    context_refs: p.context_refs,
    description: p.description,
  }),
);

function insertTask(ctx: Context, number: number, line: TaskLine, tasks: Tasks): void {
  const id = numberOf('T', line.id) ?? 0;
  const { kind: _, depends_on, ...columns } = line;
  ctx.db.run(taskRow, {
    ...columns,
    id,
    hold: line.hold ? 1 : 0,
    priority: toRank(line.priority),
    tags: JSON.stringify(line.tags),
    capabilities: JSON.stringify(line.capabilities),
    touches: JSON.stringify(line.touches),
    acceptance_criteria: JSON.stringify(line.acceptance_criteria),
    context_refs: JSON.stringify(line.context_refs),
  });
  tasks.statuses.set(id, line.status);
  tasks.lines.set(id, number);
  if (depends_on.length === 0) return;
  tasks.dependencies.set(
    id,
    depends_on.map((on) => numberOf('T', on) ?? 0),
  );
}

const setUnmet = prepared<{ id: number; unmet: number }, unknown>((p) =>
  sqlBuilder.updateTable('tasks').set({ unmet: p.unmet }).where('id', '=', p.id),
);

/** Dependencies may lead forward as well as back, so they come when all tasks are there. */
function linkTasks(ctx: Context, { statuses, dependencies, lines }: Tasks): void {
  refuseCircle(dependencies, lines);
  for (const [id, on] of dependencies) {
    const line = lines.get(id) ?? 0;
    const path = '/depends_on';
    const unknown = on.find((other) => !statuses.has(other));
    if (unknown !== undefined) {
      throw lineError(line, `names ${taskId(unknown)}, which is not in this board`, { path });
    }
    if (new Set(on).size < on.length) throw lineError(line, 'names a task twice', { path });
    insertDependencies(ctx, id, on);
    const unmet = on.filter((other) => !isResolved(statuses.get(other) ?? ''));
    if (unmet.length === 0) continue;
    if (statuses.get(id) === 'open') {
      const waits = unmet.map(taskId).join(', ');
      throw lineError(line, `is open, but the task waits for ${waits}`, { path: '/status' });
    }
    ctx.db.run(setUnmet, { id, unmet: unmet.length });
  }
}

function refuseCircle(dependencies: Tasks['dependencies'], lines: Tasks['lines']): void {
  const [edge] = closingEdges(dependencies);
  if (edge === undefined) return;
  const next = (task: number) => dependencies.get(task) ?? [];
  const circle = findCircle(edge.task, [edge.on], next) ?? [edge.task, edge.on];
  const { message, details } = circularDependency(circle.map(taskId));
  throw new CodepaktError('circular_dependency', `line ${lines.get(edge.task)}: ${message}`, {
    hint: 'Nothing was imported.',
    ...(details === undefined ? {} : { details }),
  });
}

const noteRow = prepared<Omit<NoteLine, 'kind' | 'task_id'> & { task_id: number }, unknown>((p) =>
  sqlBuilder.insertInto('task_notes').values({
    id: p.id,
    task_id: p.task_id,
    agent: p.agent,
    body: p.body,
    created_at: p.created_at,
  }),
);

function insertNote(ctx: Context, number: number, line: NoteLine, { statuses }: Tasks): void {
  const task_id = numberOf('T', line.task_id) ?? 0;
  if (!statuses.has(task_id)) {
    throw lineError(number, `names ${line.task_id}, which is not in this board`, {
      path: '/task_id',
    });
  }
  ctx.db.run(noteRow, { ...line, task_id });
}

const docRow = prepared<DocRow, unknown>((p) =>
  sqlBuilder.insertInto('docs').values({
    id: p.id,
    type: p.type,
    title: p.title,
    section: p.section,
    tags: p.tags,
    author: p.author,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    legacy_id: p.legacy_id,
    body: p.body,
  }),
);

function insertDoc(ctx: Context, line: DocLine): void {
  const id = numberOf('D', line.id) ?? 0;
  ctx.db.run(docRow, { ...line, id, tags: JSON.stringify(line.tags) });
}

function insertEventLine({ db }: Context, { kind: _, ...line }: EventLine): void {
  const { task_id, doc_id } = line;
  insertEvent(db, {
    ...line,
    task_id: task_id === null ? null : (numberOf('T', task_id) ?? 0),
    doc_id: doc_id === null ? null : (numberOf('D', doc_id) ?? 0),
    detail: JSON.stringify(line.detail),
  });
}
