import { parentPort, workerData } from 'node:worker_threads';
import { runTasks } from './run-tasks.ts';

/** The entry of a parsing thread; see worker-pool.ts for who starts it. */
await runTasks(workerData, (batch) => parentPort?.postMessage(JSON.stringify(batch)));
