import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, table } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Command, timeProcesses } from './processes.ts';
import { Site } from './site.ts';

/** Together they are a gigabyte on the disk, so this is asked for by name: `pnpm bench cli --peers`. */
const PEERS = ['backlog.md@1.52.0', 'task-master-ai@0.43.1'];
const BARE = 'node -e 0';

/** One call that lists a board of one task, beside the same call of other task tools. */
export async function main({ cpk, quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 3 : 11;
  await using site = await Site.open(cpk);
  await site.startDaemon();
  const { root } = site.addProject('codepakt');
  site.run(root, 'task', 'add', '--title', 'Do the thing');
  const binaries = install(join(site.folder, 'peers'));
  const commands: Command[] = [
    { name: BARE, args: () => ['-e', '0'] },
    { name: 'cpk task list', args: () => [cpk, 'task', 'list'], cwd: root },
    backlog(site, join(binaries, 'backlog')),
    taskMaster(site, join(binaries, 'task-master')),
  ];
  const times = timeProcesses(commands, rounds, site.env);
  const floor = median(times.get(BARE) ?? []);
  const rows = [...times].map(([name, ms]) => [
    name,
    (median(ms) / floor).toFixed(1),
    median(ms).toFixed(0),
  ]);
  console.log(
    `\nOne call that lists a board of one task; medians of ${rounds} rounds, interleaved`,
  );
  console.log(table(['command', `× ${BARE}`, 'ms'], rows));
}

/** Without their install scripts. Answers the folder of their commands. */
function install(folder: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const pnpm = ['add', '--ignore-workspace', '--ignore-scripts', ...PEERS];
  execFileSync('pnpm', pnpm, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(folder, 'node_modules/.bin');
}

function backlog(site: Site, program: string): Command {
  const cwd = join(site.folder, 'backlog');
  mkdirSync(cwd);
  execFileSync('git', ['init', '--quiet'], { cwd });
  for (const args of [
    ['init', 'bench', '--defaults'],
    ['task', 'create', 'Do the thing'],
  ]) {
    execFileSync(program, args, { cwd, stdio: 'ignore' });
  }
  return {
    name: 'backlog task list --plain',
    program,
    args: () => ['task', 'list', '--plain'],
    cwd,
  };
}

function taskMaster(site: Site, program: string): Command {
  const cwd = join(site.folder, 'task-master');
  mkdirSync(join(cwd, '.taskmaster/tasks'), { recursive: true });
  const task = {
    id: 1,
    title: 'Do the thing',
    description: '',
    status: 'pending',
    dependencies: [],
    priority: 'medium',
    subtasks: [],
  };
  writeFileSync(
    join(cwd, '.taskmaster/tasks/tasks.json'),
    JSON.stringify({ master: { tasks: [task] } }),
  );
  return { name: 'task-master list', program, args: () => ['list'], cwd };
}
