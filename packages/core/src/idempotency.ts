import { crc32 } from 'node:zlib';
import { CodepaktError } from '@codepakt/contract';
import { timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { prepared, sqlBuilder } from './database/database.ts';
import { raw } from './database/raw.ts';
import { RESTORE_HINT } from './database/sqlite-error.ts';
import { readStoredJson } from './database/stored-json.ts';

const KEPT_MS = 24 * 60 * 60 * 1_000;
/** So many are kept whatever the clock says: when it is set, or the machine slept, calls are still under way. */
const LATEST = 200;
/** A key costs microseconds to forget; nobody is to wait for a million of them. */
const AT_ONCE = 10_000;

interface Answer {
  fingerprint: string;
  response: string;
}

export type KeptAnswer = Answer & { checksum: number | null };

const known = prepared<{ key: string }, KeptAnswer>((p) =>
  sqlBuilder
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'response', 'checksum'])
    .where('key', '=', p.key),
);

const remember = prepared<Answer & { key: string; created_at: string; checksum: number }, unknown>(
  (p) =>
    sqlBuilder.insertInto('idempotency_keys').values({
      key: p.key,
      fingerprint: p.fingerprint,
      response: p.response,
      created_at: p.created_at,
      checksum: p.checksum,
    }),
);

/**
 * Does the work once for a key, however often it is asked: a repeat gets the first answer, for a day at
 * least. To be called inside the transaction of the work, so that both are there or neither.
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
  if (before === undefined) {
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
const oldest = prepared<object, { id: number; created_at: string }>(
  () => raw<{ id: number; created_at: string }>`
    SELECT rowid AS id, created_at FROM idempotency_keys ORDER BY rowid LIMIT 1`,
);

const newest = prepared<object, { id: number }>(
  () => raw<{ id: number }>`SELECT rowid AS id FROM idempotency_keys ORDER BY rowid DESC LIMIT 1`,
);

/** Whether there are keys whose time is over. */
export function hasOldKeys(ctx: Context): boolean {
  return endOfOldKeys(ctx) !== undefined;
}

/** Forgets keys whose time is over: some of those that are before the first that is still kept. */
export function forgetOldKeys(ctx: Context): void {
  const end = endOfOldKeys(ctx);
  if (end === undefined) return;
  const { since, until } = keptTimes(ctx);
  ctx.db.run(raw`
    DELETE FROM idempotency_keys WHERE rowid < coalesce(
      (SELECT rowid FROM idempotency_keys
        WHERE rowid < ${end} AND created_at BETWEEN ${since} AND ${until} ORDER BY rowid LIMIT 1),
      ${end})`);
}

/** The first number that stays, should all before it be old; undefined when the oldest stays. */
function endOfOldKeys(ctx: Context): number | undefined {
  const first = ctx.db.first(oldest, {});
  if (first === undefined) return undefined;
  const { since, until } = keptTimes(ctx);
  if (first.created_at >= since && first.created_at <= until) return undefined;
  const last = ctx.db.first(newest, {})?.id ?? first.id;
  const end = Math.min(last - LATEST + 1, first.id + AT_ONCE);
  return end > first.id ? end : undefined;
}

/** What is far ahead was written by a clock that was wrong: it would stay, and all after it, for years. */
function keptTimes({ clock }: Context): { since: string; until: string } {
  return { since: timestamp(clock, -KEPT_MS), until: timestamp(clock, KEPT_MS) };
}

function damaged(key: string): CodepaktError {
  return new CodepaktError(
    'database_damaged',
    `the answer to ${key} is not what was written: a byte of the database was changed`,
    { hint: RESTORE_HINT },
  );
}
