import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { against, median, table } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Command, timeProcesses } from './processes.ts';
import { Site } from './site.ts';

const BARE = 'node -e 0';
const BAR = 3.0;
const AIM = 1.8;

/** What one call of `cpk` costs as a whole process, beside Node that does nothing. */
export async function main({ cpk, quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 9 : 35;
  await using site = await Site.open(cpk);
  await site.startDaemon();
  const { root } = site.addProject('project');
  fill(site, root, 2 * rounds + 60);
  const times = timeProcesses(commandsFor(site, root), rounds, site.env);
  const floor = median(times.get(BARE) ?? []);
  const pickup = median(times.get('cpk task pickup') ?? []) / floor;

  console.log(`\nOne call of cpk as a whole process; medians of ${rounds} rounds, interleaved`);
  const rows = [...times].map(([name, ms]) => [
    name,
    (median(ms) / floor).toFixed(2),
    median(ms).toFixed(1),
    Math.min(...ms).toFixed(1),
  ]);
  console.log(table(['command', `× ${BARE}`, 'ms', 'fastest'], rows));
  console.log(`pickup ${pickup.toFixed(2)}: ${against(pickup, BAR, 'at most')}; aim ${AIM}`);
}

function fill(site: Site, root: string, count: number): void {
  const batch = join(site.folder, 'batch.json');
  const tasks = Array.from({ length: count }, (_, index) => ({ title: `Do the thing ${index}` }));
  writeFileSync(batch, JSON.stringify(tasks));
  site.run(root, 'task', 'add', '--batch', batch);
}

function commandsFor({ cpk }: Site, cwd: string): Command[] {
  const call = (...args: string[]): Command => ({
    name: `cpk ${args.join(' ')}`,
    args: () => [cpk, ...args],
    cwd,
  });
  return [
    { name: BARE, args: () => ['-e', '0'] },
    call('--version'),
    call('--help'),
    {
      name: 'cpk task pickup',
      args: (run) => [cpk, 'task', 'pickup', '--agent', `agent-${run}`],
      cwd,
    },
    {
      name: 'cpk task note',
      args: (run) => [cpk, 'task', 'note', 'T-001', `note ${run}`],
      cwd,
    },
    call('task', 'list'),
    call('board', 'status'),
  ];
}
