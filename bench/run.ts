// `pnpm bench [NAME…] [--quick] [--peers]`: prints figures, most of them as ratios to the same work
// without codepakt in the same run, so that they say something on any machine. Nothing fails by them.
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchOptions } from './options.ts';

interface Bench {
  main(options: BenchOptions): Promise<void>;
}

const benches: Record<string, () => Promise<Bench>> = {
  cli: () => import('./cli.ts'),
  http: () => import('./http.ts'),
  board: () => import('./board-size.ts'),
  tokens: () => import('./tokens.ts'),
  scan: () => import('./scan.ts'),
  'scan-questions': () => import('./scan-questions.ts'),
  'scan-tokens': () => import('./scan-tokens.ts'),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
    cpk: {
      type: 'string',
      default: fileURLToPath(new URL('../packages/codepakt/dist/cpk.js', import.meta.url)),
    },
  },
});
if (values.help) {
  console.log(
    `pnpm bench [NAME…] [--quick] [--peers]\n\nnames: ${Object.keys(benches).join(', ')}`,
  );
  process.exit(0);
}
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0)
  fail(`There is no bench ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
if (!existsSync(values.cpk)) fail(`${values.cpk} is not there: pnpm build`);

const [processor] = cpus();
console.log(`Node ${process.versions.node}, ${availableParallelism()} × ${processor?.model}`);
const names = positionals.length > 0 ? positionals : Object.keys(benches);
for (const name of names) {
  const bench = await benches[name]?.();
  await bench?.main({ quick: values.quick, cpk: values.cpk });
}
if (values.peers) {
  const { main } = await import('./peers.ts');
  await main({ quick: values.quick, cpk: values.cpk });
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
