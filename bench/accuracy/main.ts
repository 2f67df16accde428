import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { grammarsDir } from '@codepakt/grammars';
import { collectFiles, createScanner } from '@codepakt/scanner';
import { type Comparison, compare, type Score } from './compare.ts';
import { goReference } from './go-reference.ts';
import { pythonReference } from './python-reference.ts';
import type { Reference } from './truth.ts';
import { typescriptReference } from './typescript-reference.ts';

/** The compilers that can be asked. */
const references: Reference[] = [typescriptReference, pythonReference, goReference];

/**
 * `pnpm accuracy FOLDER… [--misses N] [--search-path lib]…`: scans each folder and prints precision
 * and recall against the compilers of its languages, with the first misses of each sort. What a
 * Python project puts on its search path is told with `--search-path`; the folder itself is there.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    misses: { type: 'string', default: '10' },
    'search-path': { type: 'string', multiple: true, default: [] },
  },
});

for (const folder of positionals) {
  const root = realpathSync(resolve(folder));
  const { parsed, skipped, errors } = await createScanner({ grammarsDir }).scan({ root });
  const { paths } = await collectFiles(root);
  for (const reference of references) {
    const records = parsed.filter((file) => reference.languages.includes(file.language));
    if (records.length === 0) continue;
    const reason = reference.whyNot?.();
    if (reason) {
      console.log(`\n${folder}: ${records.length} files are not compared: ${reason}`);
      continue;
    }
    const truth = await reference.read(
      root,
      records.map((record) => record.path),
      [...paths],
      { search_path: ['.', ...values['search-path']] },
    );
    console.log(`\n${folder}: ${records.length} files of ${reference.languages.join(', ')}`);
    print(compare(records, truth), Number(values.misses));
    list('the compiler cannot parse', truth.broken);
  }
  list(
    'skipped',
    skipped.map(({ path, reason }) => `${path} (${reason})`),
  );
  list(
    'errors',
    errors.map(({ file, message }) => `${file}: ${message}`),
  );
}

function print({ scores, misses }: Comparison, limit: number): void {
  console.log('| | recall | precision | expected | found |\n|---|---|---|---|---|');
  for (const [what, score] of [...scores].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { right, expected, found } = score;
    console.log(
      `| ${what} | ${percent(right, expected)} | ${percent(right, found)} | ${expected} | ${found} |`,
    );
  }
  const sorts = Map.groupBy(misses, ({ what, fault }) => `${what} ${fault}`);
  for (const [sort, all] of sorts) {
    list(
      sort,
      all.map(({ file, detail }) => `${file}: ${detail}`),
      limit,
    );
  }
}

function percent(part: number, whole: Score['expected']): string {
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 100_000) / 1000).toFixed(3)} %`;
}

function list(what: string, lines: string[], limit = 20): void {
  if (lines.length === 0) return;
  console.log(`${what}: ${lines.length}`);
  for (const line of lines.slice(0, limit)) console.log(`  ${line}`);
}
