import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file of the user's own, whole or not at all: a reader never sees half of it. */
export function replaceJsonFile(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A name that nobody could put a link under, as a cloned repository would; `x` follows none.
  const draft = `${file}.new-${randomUUID()}`;
  try {
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
