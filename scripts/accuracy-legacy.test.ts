import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  LEGACY_VERSIONS,
  sampleBoard,
  writeLegacyDatabase,
} from '../packages/core/src/testing/legacy-databases.ts';

const SCRIPT = fileURLToPath(new URL('./accuracy-legacy.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codepakt-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(LEGACY_VERSIONS)(
  'finds no difference in a board of version %s',
  (version) => {
    const file = join(folder, 'old.db');
    writeLegacyDatabase(file, version);
    const { status, output } = run(file);
    expect(output).toContain("'tasks'");
    expect(status).toBe(0);
  },
  20_000,
);

test('finds what did not come along, and fails', () => {
  const file = join(folder, 'old.db');
  const content = sampleBoard('v2');
  for (const doc of content.docs) doc.created_at = 'yesterday';
  writeLegacyDatabase(file, 'v2', content);
  const { status, output } = run(file);
  expect(output).toMatch(/PRD created_at: "yesterday/);
  expect(status).toBe(1);
}, 20_000);

test('says of a file that is no database that it is none, in a line', () => {
  const file = join(folder, 'notes.txt');
  writeFileSync(file, 'no database');
  const { status, output } = run(file);
  expect(output).toMatch(/^.*notes\.txt can't be carried over .*\n$/);
  expect(status).toBe(1);
});

test('says how it is used when the file is not there', () => {
  expect(run(join(folder, 'nowhere.db')).status).toBe(2);
});

function run(file: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@codepakt/source', SCRIPT, file],
    { encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}
