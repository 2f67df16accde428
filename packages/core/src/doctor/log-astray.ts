import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { EventRow } from '../database/schema.ts';
import { isAsWritten } from '../events/event-checksum.ts';
import { isAnswerAsWritten, type KeptAnswer } from '../idempotency.ts';
import { inMoments } from './moments.ts';

const SLICE = 2_000;

const events = prepared<{ after: number; limit: number }, EventRow>((p) =>
  sqlBuilder
    .selectFrom('events')
    .selectAll()
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(p.limit),
);

/** Events that are not what was written. */
export function eventsAstray(ctx: Context): Generator<string[]> {
  return inMoments(ctx, (after) => {
    const rows = ctx.db.all(events, { after, limit: SLICE });
    const astray = rows.filter((row) => !isAsWritten(row)).map(({ id }) => `event ${id}`);
    return { astray, next: rows.at(-1)?.id };
  });
}

type NumberedAnswer = KeptAnswer & { id: number; key: string };

const answers = prepared<{ after: number; limit: number }, NumberedAnswer>(
  (p) => raw<NumberedAnswer>`
    SELECT rowid AS id, key, fingerprint, response, checksum FROM idempotency_keys
    WHERE rowid > ${p.after} ORDER BY rowid LIMIT ${p.limit}`,
);

/** Answers kept for whoever asks again that are not what was written. */
export function answersAstray(ctx: Context): Generator<string[]> {
  return inMoments(ctx, (after) => {
    const rows = ctx.db.all(answers, { after, limit: SLICE });
    const astray = rows.filter((row) => !isAnswerAsWritten(row));
    return { astray: astray.map(({ key }) => `the answer to ${key}`), next: rows.at(-1)?.id };
  });
}
