import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTruth } from './read-truth.ts';
import type { Reference } from './truth.ts';

/** Go as `go/ast` and `go/build` see it. */
export const goReference: Reference = {
  languages: ['go'],
  whyNot: () =>
    spawnSync('go', ['version']).error ? 'Go is not installed (apt-get install golang-go)' : null,
  async read(root, paths) {
    const workplace = mkdtempSync(join(tmpdir(), 'codepakt-accuracy-'));
    try {
      const program = join(workplace, 'go-reference');
      const source = join(import.meta.dirname, 'go-reference.go');
      execFileSync('go', ['build', '-o', program, source], { cwd: workplace, stdio: 'inherit' });
      const answer = execFileSync(program, [root], {
        input: paths.join('\n'),
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      });
      return readTruth(answer);
    } finally {
      rmSync(workplace, { recursive: true });
    }
  },
};
