// The last step of `npm start`: this repository as a project on a daemon of its own, ready to try.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'packages/codepakt/dist/.inputs');

const before = existsSync(built) ? readFileSync(built, 'utf8') : undefined;
run(process.execPath, ['packages/codepakt/build.ts']);
const isNew = before !== undefined && before !== readFileSync(built, 'utf8');

if (existsSync(join(root, '.codepakt'))) console.log('Project: this repository is one already');
else cpk('Project: cpk init', ['init']);

// A daemon of the last build would look for files that are gone.
const start = isNew ? 'restart' : 'start';
cpk(`Daemon: cpk server ${start}`, ['server', start]);

if (cpkHas('scan')) cpk('Code index: cpk scan', ['scan']);

console.log(`
Dashboard: http://127.0.0.1:41921

Try:
  scripts/cpk task add --title "Say hello" --priority P1
  scripts/cpk task pickup --agent ada
  scripts/cpk board watch

Stop the daemon with: scripts/cpk server stop`);

/** Says in one line what it does; shows what cpk says only when that fails. */
function cpk(step: string, args: string[]): void {
  console.log(step);
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/cpk'), args, {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(`${stdout}${stderr}`.trim());
  process.exit(status ?? 1);
}

function cpkHas(command: string): boolean {
  const { stdout } = spawnSync(join(root, 'scripts/cpk'), ['--help'], {
    cwd: root,
    encoding: 'utf8',
  });
  return new RegExp(`^\\s*cpk ${command}\\b`, 'm').test(stdout);
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
