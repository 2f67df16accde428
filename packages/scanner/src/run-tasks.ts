import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGrammars } from './grammar.ts';
import { BrokenParser, canParse, parseFile } from './parse-file.ts';
import type { TaskOutcome, WorkerInput } from './worker-protocol.ts';

/**
 * Takes tasks until none is left, or one breaks the parser, and hands over what came of each. In the
 * latter case, which `canParse` tells, another thread has to go on.
 */
export async function runTasks(
  { root, grammarsDir, tasks, counter }: WorkerInput,
  handOver: (outcome: TaskOutcome) => void,
): Promise<void> {
  const grammars = loadGrammars(grammarsDir);
  const next = new Int32Array(counter);
  while (canParse()) {
    const task = tasks[Atomics.add(next, 0, 1)];
    if (!task) break;
    handOver(await runTask(task));
  }

  async function runTask({ path, known_hash }: WorkerInput['tasks'][number]): Promise<TaskOutcome> {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(join(root, path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { vanished: true, path };
      return { skipped: 'unreadable', path, message };
    }
    try {
      return await parseFile(grammars, { path, bytes, known_hash });
    } catch (cause) {
      if (cause instanceof BrokenParser) {
        return { skipped: 'too_complex', path, message: 'the parser broke: it ran out of memory' };
      }
      throw new Error(`${path} could not be parsed: ${messageOf(cause)}`, { cause });
    }
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
