import { CodepaktError } from '@codepakt/contract';
import { timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { prepared, sqlBuilder } from './database/database.ts';
import { readStoredJson } from './database/stored-json.ts';

const KEPT_MS = 24 * 60 * 60 * 1_000;

const known = prepared<{ key: string; since: string }, { fingerprint: string; response: string }>(
  (p) =>
    sqlBuilder
      .selectFrom('idempotency_keys')
      .select(['fingerprint', 'response'])
      .where('key', '=', p.key)
      .where('created_at', '>=', p.since),
);

const remember = prepared<
  { key: string; fingerprint: string; response: string; created_at: string },
  unknown
>((p) =>
  sqlBuilder.insertInto('idempotency_keys').orReplace().values({
    key: p.key,
    fingerprint: p.fingerprint,
    response: p.response,
    created_at: p.created_at,
  }),
);

/**
 * Does the work once for a key, however often it is asked: a repeat gets the first answer. To be
 * called inside the transaction of the work, so that both are there or neither.
 * @throws CodepaktError `idempotency_mismatch` when the key came with another request before
 */
export function once<T>(ctx: Context, key: string, fingerprint: string, work: () => T): T {
  const before = ctx.db.first(known, { key, since: timestamp(ctx.clock, -KEPT_MS) });
  if (before === undefined) {
    const answer = work();
    const response = JSON.stringify(answer ?? null);
    ctx.db.run(remember, { key, fingerprint, response, created_at: timestamp(ctx.clock) });
    return answer;
  }
  if (before.fingerprint === fingerprint) return readStoredJson<T>(before.response);
  throw new CodepaktError('idempotency_mismatch', `the key ${key} was used for another request`, {
    hint: 'Use a new key for a new request.',
  });
}

const old = prepared<{ before: string }, { key: string }>((p) =>
  sqlBuilder
    .selectFrom('idempotency_keys')
    .select('key')
    .where('created_at', '<', p.before)
    .limit(1),
);

/** Whether there are keys whose time is over. */
export function hasOldKeys(ctx: Context): boolean {
  return ctx.db.first(old, { before: timestamp(ctx.clock, -KEPT_MS) }) !== undefined;
}

/** Forgets keys whose time is over. */
export function forgetOldKeys(ctx: Context): void {
  ctx.db.run(
    sqlBuilder
      .deleteFrom('idempotency_keys')
      .where('created_at', '<', timestamp(ctx.clock, -KEPT_MS)),
  );
}
