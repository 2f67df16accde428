// Loaded into a daemon by `--import`: now and then it collects all garbage and writes down what is left.
import { appendFileSync } from 'node:fs';
import process from 'node:process';

const { HEAP_PROBE: file } = process.env;
const EVERY_MS = 10_000;

// Its workers and children load it too.
if (file !== undefined && process.argv.includes('run')) {
  setInterval(() => {
    globalThis.gc();
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
    const rest = rss - heapTotal - external;
    appendFileSync(file, `${JSON.stringify({ heap: heapUsed, external, rest })}\n`);
  }, EVERY_MS).unref();
}
