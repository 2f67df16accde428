// What a scan can't do without: read every file, parse it and free the tree, in two threads that take
// the largest first. Run by itself with a list of files; prints the milliseconds that it took.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Language, Parser } from 'web-tree-sitter';

const THREADS = 2;

interface Work {
  root: string;
  grammarsDir: string;
  files: { path: string; grammar: string }[];
  counter: SharedArrayBuffer;
}

if (isMainThread && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , list = ''] = process.argv;
  const began = performance.now();
  const work = { ...JSON.parse(readFileSync(list, 'utf8')), counter: new SharedArrayBuffer(4) };
  await Promise.all(Array.from({ length: THREADS }, () => runThread(work)));
  console.log((performance.now() - began).toFixed(0));
} else if (!isMainThread) {
  await parseFiles(workerData as Work);
  parentPort?.postMessage('done');
}

function runThread(work: Work): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: work });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

async function parseFiles({ root, grammarsDir, files, counter }: Work): Promise<void> {
  await Parser.init({ locateFile: (file: string) => join(grammarsDir, file) });
  const parsers = new Map<string, Parser>();
  const next = new Int32Array(counter);
  for (;;) {
    const file = files[Atomics.add(next, 0, 1)];
    if (file === undefined) return;
    let parser = parsers.get(file.grammar);
    if (parser === undefined) {
      const bytes = readFileSync(join(grammarsDir, file.grammar, 'grammar.wasm'));
      parser = new Parser().setLanguage(await Language.load(bytes));
      parsers.set(file.grammar, parser);
    }
    parser.parse(readFileSync(join(root, file.path), 'utf8'))?.delete();
  }
}
