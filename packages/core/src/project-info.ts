import { CodepaktError, type ProjectInfo, type ProjectPatch } from '@codepakt/contract';
import type { By, Context } from './context.ts';
import { sqlBuilder } from './database/database.ts';
import { RESTORE_HINT } from './database/sqlite-error.ts';
import { appendEvent, type Changes } from './events/append-event.ts';
import { readSettings } from './settings.ts';

/** Name, description and settings of the project that this database belongs to. */
export function projectInfo(ctx: Context): ProjectInfo {
  const row = ctx.db.first(
    sqlBuilder.selectFrom('projects').select(['id', 'name', 'description', 'created_at']),
  );
  if (row === undefined) {
    throw new CodepaktError('database_damaged', `${ctx.db.file} does not say whose it is`, {
      hint: RESTORE_HINT,
    });
  }
  return { ...row, settings: readSettings(ctx) };
}

/** Changes name, description or settings. */
export function updateProject(
  ctx: Context,
  patch: ProjectPatch,
  by: By,
  detail: { undoes?: number } = {},
): ProjectInfo {
  const before = projectInfo(ctx);
  const after: ProjectInfo = {
    ...before,
    name: patch.name ?? before.name,
    description: patch.description === undefined ? before.description : patch.description,
    settings: { ...before.settings, ...patch.settings },
  };
  const changes: Changes = {};
  if (after.name !== before.name) changes.name = [before.name, after.name];
  if (after.description !== before.description) {
    changes.description = [before.description, after.description];
  }
  if (JSON.stringify(after.settings) !== JSON.stringify(before.settings)) {
    changes.settings = [before.settings, after.settings];
  }
  if (Object.keys(changes).length === 0) return before;
  ctx.db.run(
    sqlBuilder.updateTable('projects').set({
      name: after.name,
      description: after.description,
      settings: JSON.stringify(after.settings),
    }),
  );
  appendEvent(ctx, { action: 'project_updated', by, detail: { ...changes, ...detail } });
  return after;
}
