import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@codepakt/contract';

/** The name that codepakt 0.1 or 0.2 knew a project by: it stands in no database of theirs. */
export function legacyName(data_dir: string, id: string): string | undefined {
  const file = join(data_dir, 'index.json');
  if (!existsSync(file)) return undefined;
  try {
    const index = JSON.parse(readFileSync(file, 'utf8')) as { projects?: unknown };
    if (!Array.isArray(index.projects)) return undefined;
    const entries = index.projects as ({ id?: unknown; name?: unknown } | null)[];
    const name = entries.find((entry) => entry?.id === id)?.name;
    if (typeof name !== 'string' || name.trim() === '') return undefined;
    return [...name].slice(0, LIMITS.project_name).join('').toWellFormed();
  } catch {
    return undefined; // a damaged index of the old version: the folder's name will do
  }
}
