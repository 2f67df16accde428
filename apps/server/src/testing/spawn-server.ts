import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DaemonInfo } from '../daemon-file.ts';
import type { StartOptions } from '../options.ts';

interface Said extends DaemonInfo {
  code?: string;
  message?: string;
  details?: unknown;
}

export interface SpawnedServer {
  /** What it printed when it began to listen, or the error for which it did not. */
  said: Said;
  /** Milliseconds from the start of the process until then. */
  started_in: number;
  process: ChildProcess;
  /** Sends a signal and resolves with how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const script = fileURLToPath(new URL('./serve.ts', import.meta.url));

/** Starts a real server process, after a command of the shell such as ulimit, and waits until it has said how it went. */
export async function spawnServer(options: StartOptions, before = ':'): Promise<SpawnedServer> {
  const began = performance.now();
  const node = [process.execPath, '-C', '@codepakt/source', script, JSON.stringify(options)];
  const child = spawn('sh', ['-c', `${before}; exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line'),
    ended.then(({ code }) => Promise.reject(new Error(`the server ended with ${code}`))),
  ]);
  return {
    said: JSON.parse(String(line)),
    started_in: performance.now() - began,
    process: child,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
