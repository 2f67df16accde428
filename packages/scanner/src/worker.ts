import { parentPort, workerData } from 'node:worker_threads';
import { Packer } from './packed-batch.ts';
import { canParse } from './parse-file.ts';
import { runTasks } from './run-tasks.ts';
import { PARSER_BROKE } from './worker-protocol.ts';

/** The entry of a parsing thread; see worker-pool.ts for who starts it. */
const packer = new Packer();
await runTasks(workerData, (outcome) => {
  packer.add(outcome);
  if (packer.isFull) send();
});
send();
if (!canParse()) parentPort?.postMessage(PARSER_BROKE);

function send(): void {
  const batch = packer.take();
  parentPort?.postMessage(batch, [batch.numbers.buffer]);
}
