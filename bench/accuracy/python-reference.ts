import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readTruth } from './read-truth.ts';
import type { Reference } from './truth.ts';

const python = process.env.PYTHON ?? 'python3';

/** Python as its own `ast` and import machinery see it; `PYTHON` names an interpreter as new as the code. */
export const pythonReference: Reference = {
  languages: ['python'],
  whyNot: () => (spawnSync(python, ['--version']).error ? `there is no ${python} to ask` : null),
  async read(root, paths, _listed, { search_path }) {
    const program = join(import.meta.dirname, 'python-reference.py');
    const answer = execFileSync(python, [program, root, ...search_path], {
      input: paths.join('\n'),
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    return readTruth(answer);
  },
};
