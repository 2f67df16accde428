import { CodepaktError, HUMAN } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { readStoredJson } from '../database/stored-json.ts';

/**
 * Refuses a patch when one of its fields was changed after the version that its author saw.
 * Fields that nobody touched merge.
 * @throws CodepaktError `stale_version` naming the field, both values and who
 */
export function refuseStale(
  ctx: Context,
  entity: { task: number } | { doc: number },
  patch: object,
  seen: number,
  present: object,
): void {
  const [column, number] =
    'task' in entity ? (['task_id', entity.task] as const) : (['doc_id', entity.doc] as const);
  // A claim given along is a question of its own, and changes nothing.
  const fields = Object.keys(patch).filter((key) => key !== 'claim');
  const later = ctx.db.all(
    sqlBuilder
      .selectFrom('events')
      .select(['detail', 'agent', 'version'])
      .where(column, '=', number)
      .where('version', '>', seen)
      .orderBy('id', 'desc'),
  );
  for (const { detail, agent, version } of later) {
    const changes = readStoredJson<Record<string, unknown>>(detail);
    const field = fields.find((key) => Object.hasOwn(changes, key) && Array.isArray(changes[key]));
    if (field === undefined) continue;
    const theirs = (present as Record<string, unknown>)[field];
    const yours = (patch as Record<string, unknown>)[field];
    throw new CodepaktError(
      'stale_version',
      `${field} was changed by ${agent ?? HUMAN} in version ${version}, after the version ${seen} that you saw`,
      {
        hint: 'Read it again, then repeat your change if it still holds.',
        details: { field, yours, theirs, agent: agent ?? HUMAN, version },
      },
    );
  }
}
