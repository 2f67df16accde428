// `pnpm torture NAME`: what the promises of SECURITY and the README rest on, tried until something gives way.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runStorm, type StormReport } from './storm.ts';

const USAGE = `pnpm torture storm [--tasks 1000] [--dependencies 1500] [--agents 16] [--daemons 1,2] [--seed N]

  storm  cpk agents drain a board while they, their calls and the daemon are killed`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: 'string', default: '1000' },
    dependencies: { type: 'string', default: '1500' },
    agents: { type: 'string', default: '16' },
    daemons: { type: 'string', default: '1,2' },
    'daemon-kills': { type: 'string', default: '12' },
    lease: { type: 'string', default: '5' },
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    cpk: {
      type: 'string',
      default: fileURLToPath(new URL('../../packages/codepakt/dist/cpk.js', import.meta.url)),
    },
  },
});

if (values.help || positionals.join() !== 'storm') {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

for (const daemons of values.daemons.split(',').map(Number)) {
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  console.log(`storm with ${daemons} daemon${daemons === 1 ? '' : 's'}, --seed ${seed} …`);
  const report = await runStorm({
    entry: values.cpk,
    tasks: Number(values.tasks),
    dependencies: Number(values.dependencies),
    agents: Number(values.agents),
    daemons,
    daemon_kills: Number(values['daemon-kills']),
    lease_seconds: Number(values.lease),
    seed,
    time_limit_ms: 30 * 60_000,
    signal: interruption.signal,
  });
  print(report);
  if (report.faults.length > 0) process.exitCode = 1;
}

function print({ figures, seconds, faults, folder }: StormReport): void {
  for (const [name, figure] of Object.entries(figures)) {
    console.log(`  ${name.replaceAll('_', ' ').padEnd(16)} ${String(figure).padStart(7)}`);
  }
  console.log(`  ${'seconds'.padEnd(16)} ${seconds.toFixed(0).padStart(7)}`);
  for (const fault of faults) console.log(`  FAULT: ${fault}`);
  console.log(faults.length === 0 ? '  nothing lost, nothing done twice' : `  see ${folder}`);
}
