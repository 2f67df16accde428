import { crc32 } from 'node:zlib';
import { CodepaktError } from '@codepakt/contract';
import { timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { prepared, sqlBuilder } from './database/database.ts';
import { raw } from './database/raw.ts';
import { RESTORE_HINT } from './database/sqlite-error.ts';
import { readStoredJson } from './database/stored-json.ts';

const KEPT_MS = 24 * 60 * 60 * 1_000;

interface Answer {
  fingerprint: string;
  response: string;
}

export type KeptAnswer = Answer & { checksum: number | null };

const known = prepared<{ key: string }, KeptAnswer & { created_at: string }>((p) =>
  sqlBuilder
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'response', 'checksum', 'created_at'])
    .where('key', '=', p.key),
);

const remember = prepared<Answer & { key: string; created_at: string; checksum: number }, unknown>(
  (p) =>
    sqlBuilder.insertInto('idempotency_keys').orReplace().values({
      key: p.key,
      fingerprint: p.fingerprint,
      response: p.response,
      created_at: p.created_at,
      checksum: p.checksum,
    }),
);

/**
 * Does the work once for a key, however often it is asked: a repeat gets the first answer. To be
 * called inside the transaction of the work, so that both are there or neither.
 * @throws CodepaktError `idempotency_mismatch` when the key came with another request before
 */
export function once<T>(ctx: Context, key: string, fingerprint: string, work: () => T): T {
  let fresh = undefined as { answer: T } | undefined;
  const text = onceAsText(ctx, key, fingerprint, () => {
    fresh = { answer: work() };
    return fresh.answer;
  });
  return fresh === undefined ? readStoredJson<T>(text) : fresh.answer;
}

/** The same, answered with the JSON that is kept: who hands it on need not write it out again. */
export function onceAsText(
  ctx: Context,
  key: string,
  fingerprint: string,
  work: () => unknown,
): string {
  const before = ctx.db.first(known, { key });
  if (before === undefined || before.created_at < timestamp(ctx.clock, -KEPT_MS)) {
    const response = JSON.stringify(work() ?? null);
    const checksum = checksumOf({ fingerprint, response });
    const created_at = timestamp(ctx.clock);
    ctx.db.run(remember, { key, fingerprint, response, created_at, checksum });
    return response;
  }
  if (!isAnswerAsWritten(before)) throw damaged(key);
  if (before.fingerprint === fingerprint) return before.response;
  throw new CodepaktError('idempotency_mismatch', `the key ${key} was used for another request`, {
    hint: 'Use a new key for a new request.',
  });
}

/** A fingerprint is one line. */
function checksumOf({ fingerprint, response }: Answer): number {
  return crc32(`${fingerprint}\n${response}`);
}

/** Whether it is still what was written; of one that is older than checksums nobody knows. */
export function isAnswerAsWritten(answer: KeptAnswer): boolean {
  return answer.checksum === null || answer.checksum === checksumOf(answer);
}

/** Rows have numbers in the order in which they were written. */
const oldest = prepared<object, { created_at: string }>(
  () => raw<{ created_at: string }>`
    SELECT created_at FROM idempotency_keys ORDER BY rowid LIMIT 1`,
);

/** Whether there are keys whose time is over. */
export function hasOldKeys(ctx: Context): boolean {
  const first = ctx.db.first(oldest, {});
  return first !== undefined && first.created_at < timestamp(ctx.clock, -KEPT_MS);
}

/** Forgets keys whose time is over: all that are before the first that is still kept. */
export function forgetOldKeys(ctx: Context): void {
  const since = timestamp(ctx.clock, -KEPT_MS);
  ctx.db.run(raw`
    DELETE FROM idempotency_keys WHERE rowid < coalesce(
      (SELECT rowid FROM idempotency_keys WHERE created_at >= ${since} ORDER BY rowid LIMIT 1),
      (SELECT max(rowid) + 1 FROM idempotency_keys))`);
}

function damaged(key: string): CodepaktError {
  return new CodepaktError(
    'database_damaged',
    `the answer to ${key} is not what was written: a byte of the database was changed`,
    { hint: RESTORE_HINT },
  );
}
