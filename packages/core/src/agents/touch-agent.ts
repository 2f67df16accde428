import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { renewLeases } from '../tasks/leases.ts';

const see = prepared<{ name: string; now: string; before: string }, unknown>((p) =>
  sqlBuilder
    .insertInto('agents')
    .values({ name: p.name, last_seen: p.now })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ last_seen: p.now })
        .where('agents.last_seen', '<=', p.before),
    ),
);

/** Not seen by the eye, but by the disk: a sign of life is written at most this often. */
const TOUCH_EVERY_MS = 1_000;

/** An agent has shown itself: notes when, and pushes its leases out, at most once a second. */
export function touchAgent(ctx: Context, name: string): void {
  if (seeAgent(ctx, name)) renewLeases(ctx, name);
}

/** Notes when an agent has shown itself, at most once a second; answers whether it did. */
export function seeAgent(ctx: Context, name: string): boolean {
  const { changes } = ctx.db.run(see, {
    name,
    now: timestamp(ctx.clock),
    before: timestamp(ctx.clock, -TOUCH_EVERY_MS),
  });
  return changes > 0;
}
