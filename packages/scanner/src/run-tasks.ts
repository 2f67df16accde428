import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGrammars } from './grammar.ts';
import { parseFile } from './parse-file.ts';
import type { TaskOutcome, WorkerInput } from './worker-protocol.ts';

/** So many records travel together. */
const BATCH = 3_000;

/** Takes tasks until none is left, and hands over what came of them in batches. */
export async function runTasks(
  { root, grammarsDir, tasks, counter }: WorkerInput,
  handOver: (batch: TaskOutcome[]) => void,
): Promise<void> {
  const grammars = loadGrammars(grammarsDir);
  const next = new Int32Array(counter);
  let batch: TaskOutcome[] = [];
  let records = 0;
  for (;;) {
    const task = tasks[Atomics.add(next, 0, 1)];
    if (!task) break;
    const outcome = await runTask(task);
    batch.push(outcome);
    records +=
      'parsed' in outcome ? outcome.parsed.symbols.length + outcome.parsed.imports.length : 1;
    if (records < BATCH) continue;
    handOver(batch);
    batch = [];
    records = 0;
  }
  handOver(batch);

  async function runTask({ path, known_hash }: WorkerInput['tasks'][number]): Promise<TaskOutcome> {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(join(root, path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { vanished: true, path };
      return { skipped: 'unreadable', path, message };
    }
    return parseFile(grammars, { path, bytes, known_hash });
  }
}
