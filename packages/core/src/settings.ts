import { DEFAULT_LEASE_SECONDS, type Settings } from '@codepakt/contract';
import type { Context } from './context.ts';
import { prepared, sqlBuilder } from './database/database.ts';
import { readStoredJson } from './database/stored-json.ts';

const settings = prepared<Record<string, never>, { settings: string }>(() =>
  sqlBuilder.selectFrom('projects').select('settings').limit(1),
);

/** The project's settings, with what is not set filled in. */
export function readSettings(ctx: Context): Settings {
  const row = ctx.db.first(settings, {});
  const stored = readStoredJson<Partial<Settings>>(row?.settings ?? '{}');
  return { lease_seconds: stored.lease_seconds ?? DEFAULT_LEASE_SECONDS };
}
