import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CodepaktError } from '@codepakt/contract';
import { RESTORE_HINT } from '../database/sqlite-error.ts';

export interface LookOptions {
  /** The script of the process that looks, where it was bundled: `board-examiner.ts`. */
  script?: URL | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads a board through that somebody has open, while others work with it, in a process of its own: a second opening in
 * a process that has it open would take that one's locks away. Answers the error for who wants to use
 * the board, or undefined when nothing is damaged.
 * @throws Error when it could not be read through, and of the signal
 */
export async function lookForDamage(
  file: string,
  { script = examinerBesideThis(), signal }: LookOptions = {},
): Promise<CodepaktError | undefined> {
  signal?.throwIfAborted();
  const path = fileURLToPath(script);
  const source = path.endsWith('.ts') ? ['--conditions=@codepakt/source'] : [];
  const argv = [...source, path, file];
  const child: ChildProcess = spawn(process.execPath, argv, { signal, killSignal: 'SIGKILL' });
  const ended = once(child, 'close');
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    // When the system gives no more handles there is no stream, just an error.
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      told[name] += text;
    });
  }
  const [code, by] = await ended;
  if (code !== 0) throw new Error(`${file} could not be read through: ${told.stderr || by}`);
  if (told.stdout === '') return undefined;
  return new CodepaktError('database_damaged', told.stdout, {
    hint: `\`cpk doctor\` says more. ${RESTORE_HINT}`,
  });
}

function examinerBesideThis(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./board-examiner.${extension}`, import.meta.url);
}
