import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePages } from './reference.ts';

test('the reference pages say what the programs take (else: pnpm reference)', async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    expect(readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')).toBe(text);
  }
});
