import type { PickupRequest } from '@codepakt/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import { type Prepared, prepared } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
import { taskRow } from './load-task.ts';
import { toList } from './task-row.ts';
import { touchesOverlap } from './touches.ts';

export type Pickup = PickupRequest & { agent: string };

/** What decides whether an agent can take a task: many tasks are of one kind. */
type Kind = Pick<TaskRow, 'touches' | 'tags' | 'capabilities'>;

type Candidate = Kind & Pick<TaskRow, 'id' | 'priority'>;

/** Nearly always one of the first will do; when none of so many does, kinds are looked at instead. */
const LOOKED_AT = 100;

/** The open task that an agent takes next: its own first, then by priority and number. */
export function chooseTask(ctx: Context, wish: Pickup, judge: Judge): TaskRow | undefined {
  const { agent, epic } = wish;
  const wanted = { agent, epic: epic ?? '' };
  for (const way of epic === undefined ? WAYS : WAYS_OF_EPIC) {
    // Mostly the first one is taken: it is read whole, and nothing else.
    const first = ctx.db.first(way.first, wanted);
    if (first === undefined) continue;
    if (judge.takes(first)) return first;
    const further = chooseFurther(ctx, way, wanted, judge);
    if (further !== undefined) return taskRow(ctx, further);
  }
  return undefined;
}

function chooseFurther(
  ctx: Context,
  { inOrder, ofKind }: Way,
  wanted: Wanted,
  judge: Judge,
): number | undefined {
  judge.lookAround();
  let seen = 0;
  for (const candidate of ctx.db.iterate(inOrder, wanted)) {
    if (judge.takes(candidate)) return candidate.id;
    if (++seen === LOOKED_AT && ofKind !== undefined) break;
  }
  if (seen < LOOKED_AT || ofKind === undefined) return undefined;
  return bestOfKinds(ctx, ofKind, wanted.agent, judge);
}

/** How many tasks are what was asked for, but touch what others are working on, and on which tasks those are. */
export function countConflicting(
  ctx: Context,
  { agent, epic }: Pickup,
  judge: Judge,
): { conflicting: number; inTheWay: number[] } {
  let conflicting = 0;
  const inTheWay = new Set<number>();
  for (const kind of kindsOf(ctx)) {
    if (!judge.isWanted(kind) || !judge.isInConflict(kind)) continue;
    const row =
      epic === undefined
        ? ctx.db.first(countOfKind, { ...kind, agent })
        : ctx.db.first(countOfKindAndEpic, { ...kind, agent, epic });
    if (row === undefined || row.count === 0) continue;
    conflicting += row.count;
    for (const id of judge.inTheWayOf(kind)) inTheWay.add(id);
  }
  return { conflicting, inTheWay: [...inTheWay].slice(0, MAX_NAMED) };
}

/** At most this many tasks in the way are named. */
const MAX_NAMED = 10;

/** Whether tasks are what an agent asked for; what it has said of a text once holds for each like it. */
export class Judge {
  readonly #ctx: Context;
  readonly #wish: Pickup;
  #busy: readonly Busy[] | undefined;
  readonly #inTheWay = new Map<string, readonly number[]>();

  constructor(ctx: Context, wish: Pickup) {
    this.#ctx = ctx;
    this.#wish = wish;
  }

  /** Reads what others touch: later, in the midst of an iteration, it could not. */
  lookAround(): readonly Busy[] {
    this.#busy ??= touchedByOthers(this.#ctx, this.#wish.agent);
    return this.#busy;
  }

  takes(kind: Kind): boolean {
    return this.isWanted(kind) && !this.isInConflict(kind);
  }

  /** By its tags and by the capabilities that it needs. */
  isWanted(kind: Kind): boolean {
    const { tags, capabilities } = this.#wish;
    if (tags !== undefined) {
      const has = toList(kind.tags);
      if (!tags.every((tag) => has.includes(tag))) return false;
    }
    return (
      capabilities === undefined ||
      toList(kind.capabilities).every((needed) => capabilities.includes(needed))
    );
  }

  isInConflict(kind: Kind): boolean {
    return this.inTheWayOf(kind).length > 0;
  }

  /** The numbers of tasks in progress that touch the same, some of them when they are many. */
  inTheWayOf({ touches: text }: Kind): readonly number[] {
    if (text === '[]' || this.#wish.avoid_conflicts === false) return [];
    const busy = this.lookAround();
    if (busy.length === 0) return [];
    let inTheWay = this.#inTheWay.get(text);
    if (inTheWay === undefined) {
      const touches = toList(text);
      const overlapping = busy.filter((other) => touchesOverlap(touches, other.touches));
      inTheWay = overlapping.slice(0, MAX_NAMED).map(({ id }) => id);
      this.#inTheWay.set(text, inTheWay);
    }
    return inTheWay;
  }
}

function bestOfKinds(
  ctx: Context,
  ofKind: Prepared<Kind & { agent: string }, Place>,
  agent: string,
  judge: Judge,
): number | undefined {
  let best: Place | undefined;
  for (const kind of kindsOf(ctx)) {
    if (!judge.takes(kind)) continue;
    const place = ctx.db.first(ofKind, { ...kind, agent });
    if (place !== undefined && (best === undefined || isBefore(place, best))) best = place;
  }
  return best?.id;
}

type Place = Pick<TaskRow, 'id' | 'priority'>;

function isBefore(a: Place, b: Place): boolean {
  return a.priority < b.priority || (a.priority === b.priority && a.id < b.id);
}

/** The kinds of the open tasks, by leaps from one to the next. */
function* kindsOf(ctx: Context): Generator<Kind> {
  let kind: Kind | undefined = { touches: '', tags: '', capabilities: '' };
  for (;;) {
    kind = ctx.db.first(nextKind, kind);
    if (kind === undefined) return;
    yield kind;
  }
}

const nextKind = prepared<Kind, Kind>(
  (p) => raw<Kind>`
    SELECT touches, tags, capabilities FROM tasks INDEXED BY tasks_ready_of_kind
    WHERE status = 'open'
      AND (touches, tags, capabilities) > (+${p.touches}, +${p.tags}, +${p.capabilities})
    ORDER BY touches, tags, capabilities LIMIT 1`,
);

type Wanted = { agent: string; epic: string };

interface Way {
  first: Prepared<Wanted, TaskRow>;
  inOrder: Prepared<Wanted, Candidate>;
  /** Left out where it would not be quicker: an epic is small beside its board. */
  ofKind?: Prepared<Kind & { agent: string }, Place>;
}

/** First what is meant for the agent, then what is for anybody. */
const WAYS: readonly Way[] = [
  {
    ...ready('tasks_ready', (p) => sql`assignee = ${p.agent}`),
    ofKind: prepared((p) => firstOfKind(p, sql`assignee = ${p.agent}`)),
  },
  {
    ...ready('tasks_ready', () => sql`assignee IS NULL`),
    ofKind: prepared((p) => firstOfKind(p, sql`assignee IS NULL`)),
  },
];
const WAYS_OF_EPIC: readonly Way[] = [
  ready('tasks_ready_of_epic', (p) => sql`epic = ${p.epic} AND assignee = ${p.agent}`),
  ready('tasks_ready_of_epic', (p) => sql`epic = ${p.epic} AND assignee IS NULL`),
];

/**
 * The open tasks in the order in which they are picked up. The index is named: left to itself,
 * SQLite takes one that also walks past every task that is meant for others.
 */
function ready(index: string, filter: (p: Wanted) => RawBuilder<unknown>): Way {
  const from = (p: Wanted) => sql`FROM tasks INDEXED BY ${sql.ref(index)}
    WHERE status = 'open' AND ${filter(p)} ORDER BY priority, id`;
  return {
    first: prepared((p) => raw<TaskRow>`SELECT * ${from(p)} LIMIT 1`),
    inOrder: prepared(
      (p) => raw<Candidate>`SELECT id, priority, tags, capabilities, touches ${from(p)}`,
    ),
  };
}

function firstOfKind(kind: Kind, filter: RawBuilder<unknown>) {
  return raw<Place>`
    SELECT id, priority FROM tasks INDEXED BY tasks_ready_of_kind
    WHERE ${ofKind(kind)} AND ${filter} ORDER BY priority, id LIMIT 1`;
}

function ofKind({ touches, tags, capabilities }: Kind): RawBuilder<unknown> {
  return sql`status = 'open' AND touches = ${touches} AND tags = ${tags}
    AND capabilities = ${capabilities}`;
}

const countOfKind = prepared<Kind & { agent: string }, { count: number }>(
  (p) => raw<{ count: number }>`
    SELECT count(*) AS count FROM tasks INDEXED BY tasks_ready_of_kind
    WHERE ${ofKind(p)} AND (assignee IS NULL OR assignee = ${p.agent})`,
);
const countOfKindAndEpic = prepared<Kind & Wanted, { count: number }>(
  (p) => raw<{ count: number }>`
    SELECT count(*) AS count FROM tasks INDEXED BY tasks_ready_of_kind
    WHERE ${ofKind(p)} AND (assignee IS NULL OR assignee = ${p.agent}) AND epic = ${p.epic}`,
);

interface Busy {
  id: number;
  touches: string[];
}

/** The index is named here too: otherwise SQLite reads every task in progress. */
const touching = prepared<object, Pick<TaskRow, 'id' | 'touches' | 'assignee'>>(
  () => raw<Pick<TaskRow, 'id' | 'touches' | 'assignee'>>`
    SELECT id, touches, assignee FROM tasks INDEXED BY tasks_touching
    WHERE status = 'in-progress' AND touches <> '[]'`,
);

function touchedByOthers(ctx: Context, agent: string): Busy[] {
  return ctx.db
    .all(touching, {})
    .filter(({ assignee }) => assignee !== agent)
    .map(({ id, touches }) => ({ id, touches: toList(touches) }));
}
