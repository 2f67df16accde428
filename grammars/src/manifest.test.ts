import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { grammarsDir } from './index.ts';

const manifest = JSON.parse(readFileSync(join(grammarsDir, 'manifest.json'), 'utf8'));
const parts = [manifest.runtime, ...manifest.grammars];

test.each(parts)('$file is the file that the manifest names', ({ file, bytes, sha256 }) => {
  const content = readFileSync(join(grammarsDir, file));
  expect(content.length).toBe(bytes);
  expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
});

test('every WebAssembly file has its licence beside it and its line in the manifest', () => {
  const files = readdirSync(grammarsDir, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.wasm') && !file.includes('node_modules'),
  );
  expect(files.sort()).toEqual(parts.map((part) => part.file).sort());
  const licences = files.map((file) =>
    dirname(file) === '.' ? file.replace('.wasm', '.LICENSE') : join(dirname(file), 'LICENSE'),
  );
  for (const licence of licences) {
    expect(readFileSync(join(grammarsDir, licence), 'utf8')).toContain('MIT License');
  }
});
