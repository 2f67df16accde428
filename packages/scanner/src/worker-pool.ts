import { availableParallelism } from 'node:os';
import { CodepaktError } from '@codepakt/contract/light';
import { type PackedBatch, unpackBatch } from './packed-batch.ts';
import { canParse } from './parse-file.ts';
import { runTasks } from './run-tasks.ts';
import {
  PARSER_BROKE,
  type ParseTask,
  type TaskOutcome,
  type WorkerInput,
} from './worker-protocol.ts';

/** Fewer files than this, and bytes, are parsed before a worker would have started. */
const FEW_FILES = 40;
const FEW_BYTES = 400_000;
const MAX_WORKERS = 4;
const PROGRESS_MS = 100;
/** A third of this is collected at a time: with less, what is still in use is copied too often. */
const YOUNG_MB = 24;

export interface PoolInput {
  root: string;
  grammarsDir: string;
  workerUrl: URL;
  /** Largest first, so that no worker is left with a big one at the end. */
  tasks: ParseTask[];
  bytes: number;
  onProgress?: ((done: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Parses all tasks, in worker threads when there are many, and hands over what comes of each in
 * whatever order it comes.
 * @throws `interrupted` when the signal says so, and what `take` throws
 */
export async function parseAll(
  pool: PoolInput,
  take: (outcome: TaskOutcome) => void,
): Promise<void> {
  const { tasks, bytes, root, grammarsDir } = pool;
  if (tasks.length === 0) return;
  const counter = new SharedArrayBuffer(4);
  const input = { root, grammarsDir, tasks, counter };
  if (tasks.length <= FEW_FILES && bytes <= FEW_BYTES && canParse()) {
    await runTasks(input, take).catch((error: Error) => {
      throw toKnown(error);
    });
    if (canParse()) return;
  }
  const done = new Int32Array(counter);
  const timer = setInterval(() => {
    pool.onProgress?.(Math.min(Atomics.load(done, 0), tasks.length));
  }, PROGRESS_MS);
  try {
    const count = Math.min(availableParallelism(), MAX_WORKERS, tasks.length);
    await Promise.all(Array.from({ length: count }, () => runWorkers(pool, input, take)));
  } finally {
    clearInterval(timer);
    // When one has failed, the others find nothing left to do.
    Atomics.store(done, 0, tasks.length);
  }
}

/** One worker after the other, until one has seen the end of the tasks. */
async function runWorkers(
  pool: PoolInput,
  input: WorkerInput,
  take: (outcome: TaskOutcome) => void,
): Promise<void> {
  for (let isBroken = true; isBroken; ) isBroken = await runWorker(pool, input, take);
}

/** Answers whether a file broke the worker's parser. */
function runWorker(
  { workerUrl, signal }: PoolInput,
  input: WorkerInput,
  take: (outcome: TaskOutcome) => void,
): Promise<boolean> {
  // Loaded for many files only: a scan of few is over in no time.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, {
      workerData: input,
      // What a thread makes is soon of no use: with V8's own measure it would keep 100 MB of that.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      // From source, a worker finds the workspace's packages by this condition only.
      execArgv: workerUrl.pathname.endsWith('.ts') ? ['--conditions=@codepakt/source'] : [],
    });
    const fail = (error: unknown) => {
      void worker.terminate();
      reject(error);
    };
    const stop = () =>
      fail(new CodepaktError('interrupted', 'The scan was interrupted; the index is as it was.'));
    signal?.addEventListener('abort', stop, { once: true });
    let isBroken = false;
    worker.on('message', (message: PackedBatch | typeof PARSER_BROKE) => {
      try {
        if (message === PARSER_BROKE) isBroken = true;
        else unpackBatch(message, take);
      } catch (error) {
        fail(error);
      }
    });
    worker.on('error', (error) => reject(toKnown(error)));
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (code === 0) resolve(isBroken);
      else reject(new Error(`a scan worker ended with ${code}`));
    });
    if (signal?.aborted) stop();
  });
}

function toKnown(error: Error): Error {
  if (/ could not be parsed: /.test(error.message)) {
    return new CodepaktError('internal', `${error.message} The index is as it was.`, {
      hint: 'Leave this file out by .codepaktignore; if no file of its kind can be parsed, install codepakt anew.',
      cause: error,
    });
  }
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new CodepaktError('internal', 'The scan ran out of memory; the index is as it was.', {
    hint: 'Leave very large files out by .codepaktignore, or allow more: NODE_OPTIONS=--max-old-space-size=4096',
    cause: error,
  });
}
