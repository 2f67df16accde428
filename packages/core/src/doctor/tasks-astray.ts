import { isDeepStrictEqual } from 'node:util';
import type { Event, Task } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { EventRow, TaskRow } from '../database/schema.ts';
import { type Changes, toEvent } from '../events/append-event.ts';
import { isTaskField, replayTasks, toReplayed } from '../events/replay.ts';
import { numberOf } from '../ids.ts';
import { readTask } from '../tasks/load-task.ts';
import { inMoments, type Look } from './moments.ts';

/** Also for a daemon that imports a board, and has others to serve meanwhile. */
const SLICE = 100;

interface Range {
  after: number;
  up_to: number;
}

const tasks = prepared<{ after: number; limit: number }, TaskRow>((p) =>
  sqlBuilder.selectFrom('tasks').selectAll().where('id', '>', p.after).orderBy('id').limit(p.limit),
);

const eventsOf = prepared<Range & { since: number }, EventRow>((p) =>
  sqlBuilder
    .selectFrom('events')
    .selectAll()
    .where('task_id', '>', p.after)
    .where('task_id', '<=', p.up_to)
    .where('id', '>', p.since)
    // Tasks have nothing to do with each other here, and so the rows come as they stand in an index.
    .orderBy('task_id')
    .orderBy('id'),
);

/** Tasks, with their notes and dependencies, that are not what their events tell. */
export function tasksAstray(ctx: Context): Generator<string[]> {
  const carriedOver = new CarriedOver(ctx);
  return inMoments(ctx, (after) => look(ctx, carriedOver, after));
}

function look(ctx: Context, carriedOver: CarriedOver, after: number): Look {
  const rows = ctx.db.all(tasks, { after, limit: SLICE });
  const isLast = rows.length < SLICE;
  const range = { after, up_to: isLast ? Number.MAX_SAFE_INTEGER : (rows.at(-1)?.id ?? after) };
  const start = carriedOver.eventFor(range);
  const later = ctx.db.iterate(eventsOf, { ...range, since: start.id }).map(toEvent);
  const astray = new Set<string>();
  const told = replayTasks(linked(startingWith(start, later), astray));
  for (const row of rows) {
    const task = readTask(ctx, row);
    const isSo =
      isDeepStrictEqual(toReplayed(task), told.get(task.id)) && row.unmet === task.waits_for.length;
    if (!isSo) astray.add(task.id);
    told.delete(task.id);
  }
  for (const id of told.keys()) astray.add(id);
  return { astray: [...astray], next: isLast ? undefined : range.up_to };
}

function* startingWith(start: Event, later: Iterable<Event>): Generator<Event> {
  yield start;
  yield* later;
}

/** Passes events on, and notes tasks of which one event tells another value than the next one found. */
function* linked(events: Iterable<Event>, astray: Set<string>): Generator<Event> {
  const known = new Map<string, Record<string, unknown>>();
  for (const event of events) {
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

const lastImport = prepared(() =>
  sqlBuilder
    .selectFrom('events')
    .select(['id', 'created_at'])
    .where('action', '=', 'board_imported')
    .orderBy('id', 'desc')
    .limit(1),
);

const eventAt = prepared((p: { id: number }) =>
  sqlBuilder.selectFrom('events').selectAll().where('id', '=', p.id),
);

/** How the tasks stood that came with an older board: what its events say starts there. */
class CarriedOver {
  readonly #ctx: Context;
  #event: Event = { ...NOTHING_CAME };

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** The event that tells of it, with no tasks but those in the range. */
  eventFor({ after, up_to }: Range): Event {
    this.#read();
    const all = (this.#event.detail.tasks ?? []) as Task[];
    const tasks = all.filter(({ id }) => {
      const number = numberOf('T', id) ?? 0;
      return number > after && number <= up_to;
    });
    return { ...this.#event, detail: { tasks } };
  }

  /** The event holds a whole board: it is read again only when another one has taken its place. */
  #read(): void {
    const last = this.#ctx.db.first(lastImport, {});
    const { id, created_at } = this.#event;
    if ((last?.id ?? 0) === id && (last?.created_at ?? '') === created_at) return;
    const row = last && this.#ctx.db.first(eventAt, { id: last.id });
    this.#event = row === undefined ? { ...NOTHING_CAME } : toEvent(row);
  }
}

const NOTHING_CAME: Event = {
  id: 0,
  task_id: null,
  doc_id: null,
  agent: null,
  action: 'board_imported',
  version: null,
  detail: {},
  created_at: '',
};
