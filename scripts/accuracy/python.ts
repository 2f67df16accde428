/**
 * Compares what the scanner finds in Python with what Python's own `ast` and import machinery say.
 *
 *     node -C @codepakt/source scripts/accuracy/python.ts [--misses N] FOLDER[:SEARCH_PATH,…] …
 *
 * SEARCH_PATH are the folders that the project's own settings put on `sys.path`; the folder itself
 * is the default. `PYTHON` names the interpreter: it should be as new as the code.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonExtractor } from '../../packages/scanner/src/extract/python.ts';
import { createPythonResolver } from '../../packages/scanner/src/resolve-import/python.ts';
import { compare, report } from './compare.ts';
import { type FileFacts, readProject, reportCost } from './read-project.ts';

const { values, positionals } = parseArgs({
  options: { misses: { type: 'string', default: '20' } },
  allowPositionals: true,
});
for (const argument of positionals) {
  const [folder = '', searchPath = '.'] = argument.split(':');
  const { files, cost } = await readProject(folder, {
    grammar: 'python',
    extensions: /\.pyi?$/,
    extractor: pythonExtractor,
    createResolver: createPythonResolver,
  });
  const reference = askPython(
    folder,
    searchPath.split(','),
    files.map((each) => each.file),
  );
  report(argument, compare(files, reference), Number(values.misses));
  reportCost(cost);
}

function askPython(folder: string, searchPath: string[], files: string[]): FileFacts[] {
  const program = join(import.meta.dirname, 'python-reference.py');
  const answer = execFileSync(process.env.PYTHON ?? 'python3', [program, folder, ...searchPath], {
    input: files.join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  return answer
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
