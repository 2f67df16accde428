import { existsSync, realpathSync } from 'node:fs';
import type { TaskDetail } from '@codepakt/contract';
import { CodepaktError, LIMITS } from '@codepakt/contract/light';
import type { Context } from './context.ts';
import { neutralize, toOneLine } from './human/neutralize.ts';
import { runCommand } from './run-command.ts';

/** How a run of a verify command went. */
export interface Verified {
  id: string;
  command: string;
  exit_code: number;
  duration_ms: number;
}

/** Between two signs of life, in milliseconds: a third of what is left of the lease, within these. */
const BEAT_MS = { least: 500, most: 20_000 };

/**
 * Runs a task's verify command in the root of the project, or of the git worktree one stands in,
 * and records the run. The command is printed before it runs; what it prints goes to stderr.
 * @throws CodepaktError `verify_failed` after recording it; `wrong_usage` when the agent has to see
 * the command first; `lost_claim`, and then the command is stopped.
 */
export async function verifyTask(
  id: string,
  claim: number | undefined,
  context: Context,
): Promise<Verified> {
  const { client, params } = context.board();
  const task = await client.tasks.read({ params: { ...params, id } });
  const command = task.verify ?? '';
  if (command === '') {
    throw new CodepaktError('wrong_status', `${task.id} has no verify command`, {
      hint: `Give it one: cpk task update ${task.id} --verify "npm test"`,
    });
  }
  const folder = await trustedFolder(context);
  refuseUnseen(task.id, command, context);
  process.stderr.write(`${toOneLine(neutralize(`$ ${command}`))}\n`);
  const stop = new AbortController();
  context.interruption().addEventListener('abort', () => stop.abort(context.interruption().reason));
  using _beats = keepAlive(task, claim, context, stop);
  const run = await runCommand(command, {
    folder,
    env: context.invocation.env,
    signal: stop.signal,
  });
  const { exit_code, duration_ms } = run;
  const body = { command, exit_code, duration_ms, output: lastPart(run.output), claim };
  await client.tasks.recordVerification({ params: { ...params, id }, body });
  if (exit_code === 0) return { id: task.id, command, exit_code, duration_ms };
  throw new CodepaktError(
    'verify_failed',
    `the verify command of ${task.id} failed with ${exit_code}`,
    {
      hint: `The task stays ${task.status}.`,
      details: { id: task.id, exit_code, duration_ms },
    },
  );
}

/**
 * Where the command may run. Whoever can write a board can put any command on it, so it has to be
 * a board that this user set up or registered on this machine, at the place where it was registered.
 */
async function trustedFolder({ place, data_dir }: Context): Promise<string> {
  const { findProject } = await import('@codepakt/core');
  const entry = place?.id === undefined ? undefined : findProject(data_dir, place.id);
  if (entry !== undefined && (place?.root === undefined || isSame(place.root, entry.path))) {
    return place?.files ?? entry.path;
  }
  throw new CodepaktError(
    'project_not_found',
    'this board was not set up on this machine, so its commands do not run here',
    { hint: 'If you trust them: cpk init' },
  );
}

/** Where nobody sees what is printed before it runs, a command runs only after it was answered. */
function refuseUnseen(id: string, command: string, { shownCommands }: Context): void {
  if (shownCommands === undefined || shownCommands.has(command)) return;
  shownCommands.add(command);
  throw new CodepaktError(
    'wrong_usage',
    `the verify command of ${id} was not shown in this session`,
    {
      hint: 'Look at it in details. If it may run, repeat the call: it runs then.',
      details: { id, command },
    },
  );
}

/** Whether two paths lead to one folder, however they are written. */
function isSame(a: string, b: string): boolean {
  return a === b || (existsSync(b) && realpathSync(a) === realpathSync(b));
}

/** Pushes the lease out while the command runs; stops it when the task is no longer ours. */
function keepAlive(
  task: TaskDetail,
  claim: number | undefined,
  { agent, board }: Context,
  stop: AbortController,
): Disposable {
  if (agent === undefined || task.status !== 'in-progress' || task.lease_expires_at === null) {
    return { [Symbol.dispose]: () => undefined };
  }
  const { client, params } = board();
  const left = Date.parse(task.lease_expires_at) - Date.now();
  const pause = Math.min(BEAT_MS.most, Math.max(BEAT_MS.least, left / 3));
  const beat = async () => {
    try {
      await client.tasks.heartbeat({ params: { ...params, id: task.id }, body: { claim } });
    } catch (error) {
      if (error instanceof CodepaktError && error.code === 'lost_claim') stop.abort(error);
      // Anything else may pass; the next one, or the record of the run, will tell.
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), pause);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The last lines that fit, as text that can be stored. */
function lastPart(output: string): string {
  const signs = [...output.toWellFormed().replaceAll('\0', '␀')];
  if (signs.length <= LIMITS.output) return signs.join('');
  const tail = signs.slice(-LIMITS.output).join('');
  return tail.slice(tail.indexOf('\n') + 1);
}
