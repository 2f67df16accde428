import { parentPort, workerData } from 'node:worker_threads';
import { Packer } from './packed-batch.ts';
import { runTasks } from './run-tasks.ts';

/** The entry of a parsing thread; see worker-pool.ts for who starts it. */
const packer = new Packer();
await runTasks(workerData, (outcome) => {
  packer.add(outcome);
  if (packer.isFull) send();
});
send();

function send(): void {
  const batch = packer.take();
  parentPort?.postMessage(batch, [batch.numbers.buffer]);
}
