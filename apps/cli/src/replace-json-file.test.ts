import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceJsonFile } from './replace-json-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cpk-json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a link under the name that a draft might have does no harm to where it leads', () => {
  const file = join(folder, 'config.json');
  const theirs = join(folder, 'theirs');
  writeFileSync(theirs, 'theirs\n');
  symlinkSync(theirs, `${file}.${process.pid}`);
  symlinkSync(theirs, `${file}.new-${process.pid}`);
  replaceJsonFile(file, { name: 'shop' });
  expect(readFileSync(theirs, 'utf8')).toBe('theirs\n');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ name: 'shop' });
});

test('what cannot be put in its place leaves nothing behind', () => {
  const file = join(folder, 'config.json');
  mkdirSync(file);
  expect(() => replaceJsonFile(file, {})).toThrow();
  expect(readdirSync(folder)).toEqual(['config.json']);
});
