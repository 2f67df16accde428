import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../apps/cli/src/testing/free-port.ts';
import { cpkEnvironment } from '../call-cpk.ts';
import { endDaemon } from '../daemons.ts';
import { endingOf } from '../site.ts';
import type { Attempt } from '../tally.ts';

const READ_ONLY = 1;
/** Root may write anywhere; so its right to is taken away, for the one process. */
const WITHOUT_RIGHTS = [
  'setpriv',
  '--bounding-set=-dac_override,-dac_read_search',
  '--inh-caps=-dac_override,-dac_read_search',
];

/** A home directory that may not be written to: every command says so and names the way out, which works. */
export async function lockHome({ entry, tally }: Attempt): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-home-'));
  const home = join(folder, 'home');
  const project = join(folder, 'project');
  const elsewhere = join(folder, 'elsewhere');
  for (const made of [home, project, elsewhere]) mkdirSync(made);
  chmodSync(home, 0o555);
  const port = String(await freePort());
  const run = (args: readonly string[], own: Record<string, string>) => {
    const env = cpkEnvironment({ HOME: home, CPK_PORT: port, ...own });
    const prefix = process.getuid?.() === 0 ? WITHOUT_RIGHTS : [];
    const [program = '', ...words] = [...prefix, process.execPath, entry, ...args];
    return endingOf(
      spawn(program, words, { cwd: project, env, stdio: ['ignore', 'ignore', 'pipe'] }),
    );
  };
  try {
    for (const args of [['init'], ['task', 'list'], ['server', 'start']]) {
      const { code, stderr } = await run(args, {});
      const isTold = code === READ_ONLY && stderr.includes('"read_only"');
      tally.count('commands in a home that may not be written to');
      // Where there is no board, that is what is to be said.
      const isWithoutBoard = args[0] === 'task' && stderr.includes('project_not_found');
      tally.expect(
        'home not writable',
        isTold || isWithoutBoard,
        `cpk ${args.join(' ')}: ${code} ${stderr}`,
      );
      if (isTold)
        tally.expect(
          'home not writable',
          stderr.includes('CPK_DATA_DIR'),
          `no way out is named: ${stderr}`,
        );
    }
    for (const args of [['init'], ['task', 'add', 'x'], ['task', 'list']]) {
      const { code, stderr } = await run(args, { CPK_DATA_DIR: join(elsewhere, 'data') });
      tally.expect('home not writable', code === 0, `cpk ${args.join(' ')} elsewhere: ${stderr}`);
    }
  } finally {
    await endDaemon(join(elsewhere, 'data'), 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}
