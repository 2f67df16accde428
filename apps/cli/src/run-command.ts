import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface CommandRun {
  /** As a shell would say it: 128 and the signal's number for a command that was killed. */
  exit_code: number;
  duration_ms: number;
  /** The end of what it printed, both streams as they came. */
  output: string;
}

/** More than can be kept of it, in UTF-16 units. */
const KEPT = 100_000;
/** What is asked to end gets so long for it. */
const GRACE_MS = 2_000;

/**
 * Runs a command by the shell, with stdin closed and all it prints going to stderr. When the
 * signal aborts, it and all it has started are ended, and the reason is thrown.
 */
export async function runCommand(
  command: string,
  { folder, env, signal }: { folder: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<CommandRun> {
  const began = performance.now();
  const child = spawn(command, {
    shell: true,
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what it has started can be ended with it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      output = (output + text).slice(-KEPT);
    });
  }
  const stop = () => endGroup(child.pid);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const exit_code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) =>
        resolve(code ?? 128 + (by === null ? 0 : constants.signals[by])),
      );
    });
    signal.throwIfAborted();
    return { exit_code, duration_ms: Math.round(performance.now() - began), output };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  kill(pid, 'SIGTERM');
  setTimeout(() => kill(pid, 'SIGKILL'), GRACE_MS).unref();
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The whole group has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
