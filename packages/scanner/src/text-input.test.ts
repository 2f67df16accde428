import { expect, test } from 'vitest';
import { extractText } from './testing/extract-text.ts';

test('a long text reaches the parser as it is, wherever it is cut', async () => {
  // The parser is given 5,119 units at a time: each of these puts something else on the cuts.
  for (let shift = 0; shift < 4; shift++) {
    const line = (n: number) => `const größe${n} = "😀ä€😀";\n`;
    const text = ' '.repeat(shift) + Array.from({ length: 2_000 }, (_, n) => line(n)).join('');
    const { symbols, has_errors } = await extractText('long.ts', text);
    expect(has_errors).toBe(false);
    expect(symbols.map(({ name }) => name)).toEqual(
      Array.from({ length: 2_000 }, (_, n) => `größe${n}`),
    );
    expect(symbols.at(-1)).toMatchObject({ line: 2_000, column: 7 });
  }
});

test('a text may be empty, and shorter than the one before', async () => {
  for (const text of [`const a = 1;${' '.repeat(20_000)}`, 'const b = 2;', '']) {
    const { symbols } = await extractText('short.ts', text);
    expect(symbols.map(({ name }) => name)).toEqual(text.match(/\b[ab]\b/g) ?? []);
  }
});
