import { isDeepStrictEqual } from 'node:util';
import type { Doc, Event, Task } from '@codepakt/contract';
import { systemClock } from '../clock.ts';
import type { Context } from '../context.ts';
import { type Database, prepared, sqlBuilder } from '../database/database.ts';
import type { EventRow } from '../database/schema.ts';
import { DOC_FIELDS, toDoc } from '../docs/doc-row.ts';
import { type Changes, toEvent } from '../events/append-event.ts';
import { isTaskField, replayTasks, toReplayed } from '../events/replay.ts';
import { docId, taskId } from '../ids.ts';
import { readTask } from '../tasks/load-task.ts';
import { type Finding, failure } from './finding.ts';

/** So many are named. */
const NAMED = 3;

/**
 * Holds tasks and docs against the events, which tell all of them. SQLite finds nothing wrong with a
 * text in which a byte was changed, nor with a board that somebody wrote to around codepakt.
 */
export function examineHistory(db: Database, restore: string): Finding[] {
  const ctx = { db, clock: systemClock };
  const astray = [...projectAstray(ctx), ...tasksAstray(ctx), ...docsAstray(ctx)];
  if (astray.length === 0) return [];
  const more = astray.length > NAMED ? ` and ${astray.length - NAMED} more` : '';
  const names = `${astray.slice(0, NAMED).join(', ')}${more}`;
  const message = `${db.file}: ${names}: not what the log of events tells, so that one of the two was changed by other means`;
  return [failure('database', message, restore)];
}

/** A board that came from elsewhere may be older than its log here. */
function projectAstray(ctx: Context): string[] {
  const told = ctx.db.all(
    sqlBuilder
      .selectFrom('events')
      .select(['action', 'created_at'])
      .where('action', 'in', ['project_created', 'board_imported']),
  );
  const [made] = told;
  if (made === undefined || told.length > 1 || made.action !== 'project_created') return [];
  const project = ctx.db.first(sqlBuilder.selectFrom('projects').select('created_at'));
  return project?.created_at === made.created_at ? [] : ['when the project was created'];
}

const events = prepared<object, EventRow>(() =>
  sqlBuilder.selectFrom('events').selectAll().orderBy('id'),
);

function tasksAstray(ctx: Context): string[] {
  const astray = new Set<string>();
  const told = replayTasks(linked(ctx.db.iterate(events, {}).map(toEvent), astray));
  const rows = ctx.db.all(sqlBuilder.selectFrom('tasks').selectAll().orderBy('id'));
  for (const row of rows) {
    const id = taskId(row.id);
    if (!isDeepStrictEqual(toReplayed(readTask(ctx, row)), told.get(id))) astray.add(id);
    told.delete(id);
  }
  for (const id of told.keys()) astray.add(id);
  return [...astray];
}

/** Passes events on, and notes tasks of which one event tells another value than the next one found. */
function* linked(all: Iterable<Event>, astray: Set<string>): Generator<Event> {
  const known = new Map<string, Record<string, unknown>>();
  for (const event of all) {
    const { task_id, action, detail } = event;
    if (action === 'board_imported') {
      for (const task of (detail.tasks ?? []) as Task[]) known.set(task.id, toReplayed(task));
    } else if (task_id !== null) {
      const values = known.get(task_id) ?? {};
      for (const [field, change] of Object.entries(detail)) {
        if (!isTaskField(field)) continue;
        const [before, after] = change as Changes[string];
        if (field in values && !isDeepStrictEqual(before, values[field])) astray.add(task_id);
        values[field] = after;
      }
      known.set(task_id, values);
    }
    yield event;
  }
}

const docEvents = prepared<object, EventRow>(() =>
  sqlBuilder.selectFrom('events').selectAll().where('doc_id', 'is not', null).orderBy('id'),
);

function docsAstray(ctx: Context): string[] {
  const told = new Map<number, Record<string, unknown>>();
  const created = new Map<number, string>();
  for (const row of ctx.db.iterate(docEvents, {})) {
    const { doc_id, action, created_at: updated_at } = row;
    if (doc_id === null) continue;
    if (action === 'doc_deleted') {
      told.delete(doc_id);
      continue;
    }
    // The docs of an older board came without events; what changed of them since is no whole.
    if (action !== 'doc_created' && !told.has(doc_id)) continue;
    const { detail } = toEvent(row);
    // A doc that was deleted and brought back is as old as it was.
    if (action === 'doc_created' && !('undoes' in detail)) created.set(doc_id, updated_at);
    const created_at = created.get(doc_id);
    const times = created_at === undefined ? { updated_at } : { created_at, updated_at };
    told.set(doc_id, { ...told.get(doc_id), ...valuesAfter(detail as Changes), ...times });
  }
  const rows = ctx.db.all(sqlBuilder.selectFrom('docs').selectAll().orderBy('id'));
  return rows.filter((row) => isAstray(toDoc(row), told.get(row.id))).map(({ id }) => docId(id));
}

function isAstray(doc: Doc, told: Record<string, unknown> | undefined): boolean {
  const values = new Map(Object.entries(doc));
  return Object.entries(told ?? {}).some(
    ([name, value]) => !isDeepStrictEqual(values.get(name), value),
  );
}

function valuesAfter(changes: Changes): Record<string, unknown> {
  const fields = DOC_FIELDS.filter((name) => name in changes);
  return Object.fromEntries(fields.map((name) => [name, changes[name]?.[1]]));
}
