import { spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScanResult } from '@codepakt/contract';
import { collectFiles } from '@codepakt/scanner';
import { languageOf } from '../packages/scanner/src/languages.ts';
import { against, median, table } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { copyTree, givenTrees } from './scan-tree.ts';
import { Site } from './site.ts';

const TIME_BAR = 1.5;
const MEMORY_BAR = 500;

/** A full scan from nothing, beside the bare parse of the same files, one after the other in turn. */
export async function main({ cpk, quick }: BenchOptions): Promise<void> {
  await using site = await Site.open(cpk);
  const rows: string[][] = [];
  for (const tree of givenTrees()) rows.push(await measure(site, tree, quick ? 1 : 3));
  console.log('\nA full scan beside the bare parse in two threads; medians, in turn');
  const head = ['tree', 'files', 'MB', 'symbols', 'parse s', 'scan s', 'ratio', 'peak MiB', 'bars'];
  console.log(table(head, rows));
}

async function measure(site: Site, tree: string, rounds: number): Promise<string[]> {
  const root = copyTree(site, tree);
  const list = await writeList(site, root);
  const bare: number[] = [];
  const scans: { ms: number; mib: number; result: ScanResult }[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(parseAll(site, list));
    scans.push(scanFromNothing(site, root));
  }
  const { result } = scans[0] ?? {};
  const parse = median(bare);
  const scan = median(scans.map(({ ms }) => ms));
  const mib = Math.max(...scans.map((one) => one.mib));
  const bytes = (await collectFiles(root)).files.reduce((sum, { size }) => sum + size, 0);
  return [
    basename(tree),
    `${result?.files}`,
    (bytes / 1e6).toFixed(1),
    `${result?.symbols}`,
    (parse / 1_000).toFixed(1),
    (scan / 1_000).toFixed(1),
    (scan / parse).toFixed(2),
    mib.toFixed(0),
    `${against(scan / parse, TIME_BAR, 'at most')}; ${against(mib, MEMORY_BAR, 'at most')}`,
  ];
}

/** The files that a scan parses, largest first. */
async function writeList(site: Site, root: string): Promise<string> {
  const { files } = await collectFiles(root);
  const list = join(site.folder, `${basename(root)}.json`);
  const work = {
    root,
    grammarsDir: join(dirname(site.cpk), 'grammars'),
    files: files
      .toSorted((a, b) => statSync(join(root, b.path)).size - statSync(join(root, a.path)).size)
      .map(({ path }) => ({ path, grammar: languageOf(path)?.grammar })),
  };
  writeFileSync(list, JSON.stringify(work));
  return list;
}

/** Milliseconds of the whole process. */
function parseAll(site: Site, list: string): number {
  const program = fileURLToPath(new URL('scan-bare-parse.ts', import.meta.url));
  return timed(site, [program, list], site.folder).ms;
}

function scanFromNothing(
  site: Site,
  root: string,
): { ms: number; mib: number; result: ScanResult } {
  rmSync(join(root, '.codepakt'), { recursive: true });
  site.run(root, 'init');
  const peak = new URL('scan-peak-memory.mjs', import.meta.url).href;
  const { ms, stdout, stderr } = timed(site, [`--import=${peak}`, site.cpk, 'scan'], root);
  const kib = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
  return { ms, mib: kib / 1_024, result: JSON.parse(stdout) as ScanResult };
}

function timed(site: Site, args: string[], cwd: string) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: site.env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { ms: performance.now() - began, stdout, stderr };
}
