import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CodepaktError } from '@codepakt/contract';
import { runTasks } from './run-tasks.ts';
import type { ParseTask, TaskOutcome, WorkerInput } from './worker-protocol.ts';

/** Fewer files than this, and bytes, are parsed before a worker would have started. */
const FEW_FILES = 40;
const FEW_BYTES = 400_000;
const MAX_WORKERS = 4;
const PROGRESS_MS = 100;

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
 * Parses all tasks, in worker threads when there are many.
 * @throws `interrupted` when the signal says so
 */
export async function parseAll(pool: PoolInput): Promise<TaskOutcome[]> {
  const { tasks, bytes, root, grammarsDir } = pool;
  if (tasks.length === 0) return [];
  const counter = new SharedArrayBuffer(4);
  const input = { root, grammarsDir, tasks, counter };
  const outcomes: TaskOutcome[] = [];
  if (tasks.length <= FEW_FILES && bytes <= FEW_BYTES) {
    await runTasks(input, (batch) => outcomes.push(...batch));
    return outcomes;
  }
  const done = new Int32Array(counter);
  const timer = setInterval(() => {
    pool.onProgress?.(Math.min(Atomics.load(done, 0), tasks.length));
  }, PROGRESS_MS);
  try {
    const count = Math.min(availableParallelism(), MAX_WORKERS, tasks.length);
    const batches = await Promise.all(Array.from({ length: count }, () => runWorker(pool, input)));
    outcomes.push(...batches.flat());
  } finally {
    clearInterval(timer);
  }
  return outcomes;
}

function runWorker({ workerUrl, signal }: PoolInput, input: WorkerInput): Promise<TaskOutcome[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, {
      workerData: input,
      // From source, a worker finds the workspace's packages by this condition only.
      execArgv: workerUrl.pathname.endsWith('.ts') ? ['--conditions=@codepakt/source'] : [],
    });
    const outcomes: TaskOutcome[] = [];
    const stop = () => {
      void worker.terminate();
      reject(new CodepaktError('interrupted', 'The scan was interrupted; the index is as it was.'));
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (batch: string) => outcomes.push(...JSON.parse(batch)));
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (code === 0) resolve(outcomes);
      else reject(new Error(`a scan worker ended with ${code}`));
    });
    if (signal?.aborted) stop();
  });
}
