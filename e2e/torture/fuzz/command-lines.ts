import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AnyCommand } from '../../../apps/cli/src/command.ts';
import { commands } from '../../../apps/cli/src/commands/index.ts';
import { COMMON_OPTIONS } from '../../../apps/cli/src/common-options.ts';
import { loadCommand, splitCommandLine } from '../../../apps/cli/src/find-command.ts';
import { parseArguments } from '../../../apps/cli/src/parse-arguments.ts';
import { CodepaktError, isErrorCode } from '../../../packages/contract/src/index.ts';
import { type CpkResult, callCpk } from '../call-cpk.ts';
import type { Site } from '../site.ts';
import { HOSTILE, toText } from './values.ts';

/** Of the processor's time: reading a command line that takes more has got lost in it. */
const LONGEST_MS = 1_000;
const PATIENCE_MS = 30_000;

/** Commands that end by themselves, start no browser and end no daemon. */
const ENDING =
  /^(?:task (?:add|list|show|update|mine|pickup|done|approve|reject|block|unblock|release|cancel|note|heartbeat|graph)|board status|agent list|events|undo|docs \w+|code \w+|scan|config (?:get|show)|projects list)$/;
/** Options that make even those wait, or read what is not there. */
const WAITING = ['follow', 'wait', 'watch', 'text_file', 'body_file', 'file'];

/** Reads command lines of all kinds in this process; answers how many, and what went wrong. */
export async function fuzzArguments(seed: number, count: number): Promise<string[]> {
  const faults: string[] = [];
  const loaded = await loadAll();
  for (const argv of fc.sample(
    commandLines(loaded, () => true),
    { seed, numRuns: count },
  )) {
    const before = process.cpuUsage();
    try {
      const { name, words, asks } = splitCommandLine(argv);
      const command = loaded.get(name);
      // What is no command is refused by name, which takes loading nothing.
      if (command === undefined) await loadCommand(name).catch(expectRefusal);
      else if (asks === 'to run') parseArguments(command, COMMON_OPTIONS, words);
    } catch (error) {
      if (!isRefusal(error)) faults.push(`cpk ${JSON.stringify(argv)}: ${String(error)}`);
    }
    const ms = process.cpuUsage(before).user / 1_000;
    if (ms > LONGEST_MS)
      faults.push(`cpk ${JSON.stringify(argv).slice(0, 300)} took ${ms.toFixed(0)} ms`);
  }
  if (Object.hasOwn(Object.prototype, 'polluted'))
    faults.push('a command line got into all objects');
  return faults;
}

/** Runs command lines as processes. */
export async function fuzzProcesses(site: Site, seed: number, count: number): Promise<string[]> {
  const faults: string[] = [];
  const loaded = await loadAll();
  const lines = fc.sample(
    commandLines(loaded, (name) => ENDING.test(name)),
    { seed, numRuns: count },
  );
  for (const args of lines) {
    if (
      args.some((word) => WAITING.some((name) => word.replaceAll('-', '_').includes(`__${name}`)))
    )
      continue;
    const fault = faultOf(args, await run(site, args));
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

/** Adds batch files that are not quite what they should be. */
export async function fuzzBatches(site: Site, seed: number, count: number): Promise<string[]> {
  const faults: string[] = [];
  const file = join(site.folder, 'fuzz.json');
  for (const bytes of fc.sample(batches, { seed, numRuns: count })) {
    writeFileSync(file, bytes);
    const args = ['task', 'add', '--batch', file];
    const fault = faultOf(args, await run(site, args));
    if (fault !== undefined)
      faults.push(`${fault}; the file was ${bytes.toString('latin1').slice(0, 300)}`);
  }
  return faults;
}

function run({ entry, root, env }: Site, args: readonly string[]): Promise<CpkResult> {
  return callCpk({ entry, cwd: root, env, args, kill_after_ms: PATIENCE_MS });
}

async function loadAll(): Promise<Map<string, AnyCommand>> {
  const entries = Object.entries(commands).map(
    async ([name, load]) => [name, (await load()).command] as const,
  );
  return new Map(await Promise.all(entries));
}

function commandLines(
  loaded: ReadonlyMap<string, AnyCommand>,
  isWanted: (name: string) => boolean,
): fc.Arbitrary<string[]> {
  const names = [...loaded.keys()].filter(isWanted);
  return fc.constantFrom(...names).chain((name) => {
    const options = Object.keys({ ...COMMON_OPTIONS, ...loaded.get(name)?.options });
    const words = fc.array(word(options), { maxLength: 8 });
    return words.map((some) => [...name.split(' ').filter((part) => part !== ''), ...some]);
  });
}

const VALUES = fc.oneof(
  fc.constantFrom(
    'T-001',
    'T-1',
    'D-001',
    'x',
    '1',
    '-1',
    '30m',
    '9'.repeat(30),
    '',
    '-',
    '--',
    '---',
    '-x',
    '=',
    '--=',
    'a,b,,c',
    '{a,b',
    '}{',
    'P0',
    'open',
    'true',
    'json',
  ),
  HOSTILE.map(toText),
);

function word(options: readonly string[]): fc.Arbitrary<string> {
  const spelled = fc.constantFrom(...options).map((name) => `--${name.replaceAll('_', '-')}`);
  return (
    fc
      .oneof(
        { weight: 4, arbitrary: spelled },
        { weight: 4, arbitrary: VALUES },
        {
          weight: 2,
          arbitrary: fc.tuple(spelled, VALUES).map(([name, value]) => `${name}=${value}`),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '--no-json',
            '--__proto__',
            '--constructor',
            '--proto=1',
            '-j',
            '-h=1',
            '--help=',
          ),
        },
      )
      // No system can hand over a NUL, nor half of a surrogate pair.
      .map((text) => text.replaceAll('\0', '').toWellFormed().slice(0, 20_000))
  );
}

const batches: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .array(
      fc.record({ title: HOSTILE, depends_on: HOSTILE, key: HOSTILE }, { requiredKeys: ['title'] }),
      { maxLength: 4 },
    )
    .map((tasks) => Buffer.from(JSON.stringify(tasks))),
  fc
    .array(fc.oneof(HOSTILE, fc.record({ title: fc.string() })), { maxLength: 4 })
    .map((lines) => Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '[',
      '[{"title":"a"},',
      '{"title":"a"}\n{',
      '\ufeff[{"title":"a"}]',
      '[[]]',
      'null',
      '',
      ' ',
      '{"__proto__":{"title":"a"}}',
      `[${'['.repeat(50_000)}`,
    )
    .map((text) => Buffer.from(text)),
  fc.constant('[{"title":"a"}]').map((text) => Buffer.from(text, 'utf16le')),
);

/** An answer or an error, each in its place and form. */
function faultOf(
  args: readonly string[],
  { code, stdout, stderr, ms }: CpkResult,
): string | undefined {
  const said = `${stdout.slice(0, 200)} ${stderr.slice(0, 400)}`;
  const fault = (what: string) => `cpk ${JSON.stringify(args).slice(0, 400)}: ${what}: ${said}`;
  if (code === null) return fault(`had not ended after ${ms.toFixed(0)} ms`);
  if (/^\s+at .+:\d+/m.test(stderr)) return fault('showed a stack');
  if (code === 0) return undefined;
  if (code > 7) return fault(`ended with ${code}`);
  if (args.includes('--human')) return undefined;
  const error = lastLine(stderr) as { error?: unknown } | undefined;
  if (!isErrorCode(error?.error)) return fault('an error without a code');
  return error.error === 'internal' ? fault('something went wrong inside') : undefined;
}

function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined; // told by the caller
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof CodepaktError && /^(?:wrong_usage|invalid_input)$/.test(error.code);
}

function expectRefusal(error: unknown): void {
  if (!isRefusal(error)) throw error;
}
