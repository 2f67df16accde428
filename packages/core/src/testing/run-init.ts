import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { InitResult } from '../init-project.ts';

const CHILD = fileURLToPath(new URL('./init-child.ts', import.meta.url));

export type InitOutcome = InitResult | { error: string; message: string };

export interface RunInitOptions {
  /** Which look at the clock kills it. */
  die_at?: number;
  /** Milliseconds after which it is killed. */
  die_after?: number;
  /** The user that it runs as. */
  uid?: number;
  /** The most that it may write to one file, in KiB: what a full disk looks like from inside. */
  max_file_kib?: number;
}

/** Runs `initProject` in a process of its own; undefined when that was killed. */
export async function runInit(
  folder: string,
  data_dir: string,
  { die_at, die_after, uid, max_file_kib }: RunInitOptions = {},
): Promise<InitOutcome | undefined> {
  const args = ['--conditions=@codepakt/source', CHILD, folder, data_dir, String(die_at ?? 0)];
  const limit = max_file_kib === undefined ? '' : `ulimit -f ${max_file_kib}; `;
  const child = spawn('bash', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const timer =
    die_after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), die_after);
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  clearTimeout(timer);
  if (signal === 'SIGKILL') return undefined;
  if (code !== 0) throw new Error(`init ended with ${code}: ${output}`);
  return JSON.parse(output) as InitOutcome;
}
