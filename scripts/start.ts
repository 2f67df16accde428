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

// Run twice it changes nothing; after `.dev/` was removed it registers the project again.
cpk('Project: cpk init', ['init', '--no-generate']);

// A daemon of the last build would look for files that are gone.
const start = isNew ? 'restart' : 'start';
const { url } = JSON.parse(cpk(`Daemon: cpk server ${start}`, ['server', start, '--json'])) as {
  url: string;
};

console.log(cpk('Code index: cpk scan', ['scan', '--human']).trim());

console.log(`
Dashboard: ${url}

Try:
  scripts/cpk task add --title "Say hello" --priority P1
  scripts/cpk task pickup --agent ada
  scripts/cpk board watch

Stop the daemon with: scripts/cpk server stop`);

/** Says in one line what it does; answers what cpk printed, and ends when cpk failed. */
function cpk(step: string, args: string[]): string {
  console.log(step);
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/cpk'), args, {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return stdout;
  console.error(`${stdout}${stderr}`.trim());
  if (stderr.includes('"port_taken"')) console.error('For another port: export CPK_DEV_PORT=41922');
  process.exit(status ?? 1);
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
