// `pnpm torture [NAME…]`: what the promises of SECURITY and the README rest on, tried until something gives way.
// `--help` says which parts there are, and how much each of them tries.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Part, PartReport } from './part.ts';

/** A part is a file; without a name all of them run, one after the other. */
const PARTS: Readonly<Record<string, () => Promise<{ part: Part }>>> = {
  storm: () => import('./storm-part.ts'),
  crash: () => import('./crash-part.ts'),
  machine: () => import('./machine-part.ts'),
  fuzz: () => import('./fuzz-part.ts'),
  intruders: () => import('./intruders-part.ts'),
  load: () => import('./load-part.ts'),
  audit: () => import('./audit-part.ts'),
};

const argv = process.argv.slice(2);
const end = argv.findIndex((word) => word.startsWith('-'));
const given = end < 0 ? argv : argv.slice(0, end);
const names = given.length > 0 ? given : Object.keys(PARTS);
const isKnown = names.every((name) => Object.hasOwn(PARTS, name));
if (!isKnown || argv.includes('--help') || argv.includes('-h')) {
  console.log(await usage());
  process.exit(isKnown ? 0 : 2);
}
const parts = await Promise.all(names.map(load));
const { values } = parseArgs({
  args: argv.slice(given.length),
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    cpk: {
      type: 'string',
      default: fileURLToPath(new URL('../../packages/codepakt/dist/cpk.js', import.meta.url)),
    },
    ...Object.fromEntries(
      parts.flatMap(({ flags = {} }) =>
        Object.entries(flags).map(([flag, value]) => [flag, { type: 'string', default: value }]),
      ),
    ),
  },
});
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

for (const [index, part] of parts.entries()) {
  const full = values.full || (given.length > 0 && part.wholeWhenNamed === true);
  console.log(`torture ${names[index]}${full ? ' --full' : ''} --seed ${values.seed} …`);
  const began = performance.now();
  const report = await part.run({
    entry: values.cpk,
    full,
    seed: Number(values.seed),
    signal: interruption.signal,
    flags: values as Record<string, unknown> as Record<string, string>,
  });
  print(report, (performance.now() - began) / 1_000);
  if (report.faults.length > 0) process.exitCode = 1;
}

function print({ figures, faults }: PartReport, seconds: number): void {
  const all: PartReport['figures'] = { ...figures, seconds: seconds.toFixed(0) };
  const rows = Object.entries(all);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, figure] of rows) {
    const text = typeof figure === 'number' ? figure.toLocaleString('en-US') : figure;
    console.log(`  ${name.replaceAll('_', ' ').padEnd(width)}  ${text.padStart(9)}`);
  }
  for (const fault of faults) console.log(`  FAULT: ${fault}`);
  if (faults.length === 0) console.log('  nothing gave way');
}

async function usage(): Promise<string> {
  const lines = await Promise.all(
    Object.keys(PARTS).map(async (name) => {
      const { summary, flags = {}, wholeWhenNamed = false } = await load(name);
      const own = Object.keys(flags).map((flag) => ` [--${flag} …]`);
      const size = wholeWhenNamed ? '; when named, as with --full' : '';
      return `  ${name.padEnd(10)} ${summary}${size}${own.join('')}`;
    }),
  );
  return `pnpm torture [NAME…] [--full] [--seed N] [--cpk FILE]

Without a NAME it is all of them. They try about a tenth of the published figures; --full tries as much.

${lines.join('\n')}`;
}

async function load(name: string): Promise<Part> {
  const loaded = await PARTS[name]?.();
  if (loaded === undefined) throw new Error(`there is no ${name}`);
  return loaded.part;
}
