import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { EventRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { type Changes, toEvent } from '../events/append-event.ts';
import { inMoments } from './moments.ts';

const FIELDS = ['name', 'description', 'settings'] as const;

/** What the project's own row says, and how many tasks are counted, that is not so. */
export function projectAstray(ctx: Context): Generator<string[]> {
  return inMoments(ctx, () => ({
    astray: [...fieldsAstray(ctx), ...birthAstray(ctx), ...countsAstray(ctx)],
    next: undefined,
  }));
}

const events = prepared<object, EventRow>(() =>
  sqlBuilder
    .selectFrom('events')
    .selectAll()
    .where('action', 'in', ['project_created', 'project_updated'])
    .orderBy('id'),
);

function fieldsAstray({ db }: Context): string[] {
  const told = new Map<string, unknown>();
  for (const row of db.all(events, {})) {
    const changes = Object.entries(toEvent(row).detail as Changes);
    for (const [field, change] of changes) told.set(field, change?.[1]);
  }
  const row = db.first(sqlBuilder.selectFrom('projects').select([...FIELDS]));
  if (row === undefined) return [];
  const project = { ...row, settings: readStoredJson<unknown>(row.settings) };
  const astray = FIELDS.filter(
    (field) => told.has(field) && !isDeepStrictEqual(project[field], told.get(field)),
  );
  return astray.map((field) => `the project's ${field}`);
}

/** A board that came from elsewhere may be older than its log here. */
function birthAstray({ db }: Context): string[] {
  const told = db.all(
    sqlBuilder
      .selectFrom('events')
      .select(['action', 'created_at'])
      .where('action', 'in', ['project_created', 'board_imported']),
  );
  const [made] = told;
  if (made === undefined || told.length > 1 || made.action !== 'project_created') return [];
  const project = db.first(sqlBuilder.selectFrom('projects').select('created_at'));
  return project?.created_at === made.created_at ? [] : ["the project's created_at"];
}

function countsAstray({ db }: Context): string[] {
  const wrong = db.first(
    raw`SELECT 1 FROM (
        SELECT status, hold, count(*) AS count FROM tasks GROUP BY status, hold
        UNION ALL SELECT status, hold, -count FROM task_counts)
      GROUP BY status, hold HAVING sum(count) <> 0`,
  );
  return wrong === undefined ? [] : ['the number of tasks'];
}
