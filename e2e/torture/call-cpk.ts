import { spawn } from 'node:child_process';

export interface CpkCall {
  /** The bundled `cpk.js`. */
  entry: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  args: readonly string[];
  /** Kill the process after so many milliseconds, should it still run. */
  kill_after_ms?: number | undefined;
}

export interface CpkResult {
  /** `null`: it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

/** Runs `cpk` as a process of its own, as an agent's shell does. */
export function callCpk({ entry, cwd, env, args, kill_after_ms }: CpkCall): Promise<CpkResult> {
  const began = performance.now();
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const killer =
    kill_after_ms === undefined
      ? undefined
      : setTimeout(() => child.kill('SIGKILL'), kill_after_ms);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(killer);
      resolve({ code, ...output, ms: performance.now() - began });
    });
  });
}

/** The environment of a call: nothing of the caller's own board, and no certificates to load. */
export function cpkEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CPK_') && !name.startsWith('NODE_') && !name.startsWith('VITEST'),
  );
  return { ...Object.fromEntries(kept), ...own };
}
