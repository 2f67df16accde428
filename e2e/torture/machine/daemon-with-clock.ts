// A daemon whose wall clock is set by messages: so many milliseconds from the true time.
import { runServer } from '../../../apps/server/src/index.ts';

let offset = 0;
process.on('message', (message) => {
  offset = Number(message);
  process.send?.('set');
});
process.once('disconnect', () => process.exit(1));
const wall = () => Date.now() + offset;
await runServer(
  {
    data_dir: process.argv[2] ?? '',
    version: '0.0.0',
    port: 0,
    clock: { now: wall },
    clocks: { wall, monotonic: () => performance.now() },
  },
  ({ url }) => process.send?.(url),
);
process.disconnect?.();
process.exit(0);
