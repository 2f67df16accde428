// Kills a process in the moment in which it writes back its WAL: `kill-in-checkpoint.ts PID SHM-FILE`.
// In a process of its own, since it looks without a pause.
import { openSync } from 'node:fs';
import { isCheckpointing } from './wal-index.ts';

const GIVE_UP_MS = 4_000;

const [pid, file = ''] = process.argv.slice(2);
const give_up_at = performance.now() + GIVE_UP_MS;
const descriptor = openSync(file, 'r');
while (!isCheckpointing(descriptor) && performance.now() < give_up_at);
process.kill(Number(pid), 'SIGKILL');
