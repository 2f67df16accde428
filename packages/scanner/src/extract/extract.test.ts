import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { languages } from '../languages.ts';
import { extractText } from '../testing/extract-text.ts';
import { readFixture } from '../testing/read-fixture.ts';

const fixtures = join(import.meta.dirname, '../fixtures');

describe.each(languages.map((language) => language.name))('%s', (language) => {
  const files = readdirSync(join(fixtures, language));

  test.each(files)('all that %s marks is found, and nothing else', async (file) => {
    const { text, symbols, imports } = readFixture(
      readFileSync(join(fixtures, language, file), 'utf8'),
    );
    const found = await extractText(file, text);

    expect(found.has_errors).toBe(file.includes('.broken.'));
    expect(
      found.symbols.map(({ signature, ...always }, index) =>
        symbols[index]?.signature === undefined ? always : { ...always, signature },
      ),
    ).toEqual(symbols);
    expect(found.imports).toEqual(imports);
  });
});

test('what is required after a comment on a line of its own is found', async () => {
  const { imports } = await extractText(
    'a.cjs',
    "require.resolve(\n  // lazily\n  './b.cjs',\n);\n",
  );
  expect(imports).toMatchObject([{ specifier: './b.cjs', kind: 'require', line: 1 }]);
});
