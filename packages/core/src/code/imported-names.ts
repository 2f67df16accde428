import type { ImportedName } from '@codepakt/contract';

/** As they are stored: a name by itself, or with its alias. */
type StoredName = string | [name: string, alias: string];

export function writeNames(names: readonly ImportedName[]): string {
  if (names.length === 0) return '[]';
  return JSON.stringify(
    names.map(({ name, alias }): StoredName => (alias === null ? name : [name, alias])),
  );
}

export function readNames(text: string): ImportedName[] {
  if (text === '[]') return [];
  return (JSON.parse(text) as StoredName[]).map((stored) =>
    typeof stored === 'string'
      ? { name: stored, alias: null }
      : { name: stored[0], alias: stored[1] },
  );
}
