/**
 * Compares what the scanner finds in Go with what Go's own `go/ast` and `go/build` say.
 *
 *     node -C @codepakt/source scripts/accuracy/go.ts [--misses N] FOLDER …
 *
 * Wants `go` (Debian: `apt-get install golang-go`).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goExtractor } from '../../packages/scanner/src/extract/go.ts';
import { createGoResolver } from '../../packages/scanner/src/resolve-import/go.ts';
import { compare, report } from './compare.ts';
import { type FileFacts, readProject, reportCost } from './read-project.ts';

const { values, positionals } = parseArgs({
  options: { misses: { type: 'string', default: '20' } },
  allowPositionals: true,
});
if (spawnSync('go', ['version']).error) {
  console.error(
    'Go is not installed: there is nothing to compare with (apt-get install golang-go).',
  );
  process.exit(1);
}
const workplace = mkdtempSync(join(tmpdir(), 'go-reference-'));
try {
  const program = join(workplace, 'go-reference');
  const source = join(import.meta.dirname, 'go-reference.go');
  execFileSync('go', ['build', '-o', program, source], { cwd: workplace, stdio: 'inherit' });
  for (const folder of positionals) await compareFolder(folder, program);
} finally {
  rmSync(workplace, { recursive: true });
}

async function compareFolder(folder: string, program: string): Promise<void> {
  const { files, cost } = await readProject(folder, {
    grammar: 'go',
    extensions: /\.go$/,
    extractor: goExtractor,
    createResolver: createGoResolver,
  });
  const answer = execFileSync(program, [folder], {
    input: files.map((each) => each.file).join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const reference: FileFacts[] = answer
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  report(folder, compare(files, reference), Number(values.misses));
  reportCost(cost);
}
