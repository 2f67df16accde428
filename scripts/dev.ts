// `pnpm dev`: the daemon from its sources, started anew on every change, and the dashboard with
// hot reload in front of it. Ctrl-C ends both.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dashboard = join(root, 'apps/dashboard');

const children = [
  spawn(join(root, 'scripts/cpk'), ['--watch', 'server', 'run'], { cwd: root, stdio: 'inherit' }),
  spawn(process.execPath, [join(dashboard, 'node_modules/vite/bin/vite.js')], {
    cwd: dashboard,
    stdio: 'inherit',
  }),
];

let isEnding = false;
for (const child of children) {
  child.once('exit', (code) => {
    if (isEnding) return;
    isEnding = true;
    process.exitCode = code ?? 1;
    for (const other of children) other.kill();
  });
}
// At Ctrl-C the terminal has told them already; this one waits for them to end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => {
  for (const child of children) child.kill();
});
