import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DaemonState, readDaemonState } from '../daemon/daemon-state.ts';
import { freePort } from './free-port.ts';
import { programOf } from './program.ts';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** What was printed, as JSON. */
  json: unknown;
  /** The error that was printed, as JSON. */
  error: unknown;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  /** The user that it runs as. */
  uid?: number;
  /** Of the `cpk` that runs. */
  version?: string;
}

/** A data directory, a port and a folder of its own, in which real `cpk` processes run. */
export class Workbench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-')));
  readonly data_dir = join(this.folder, 'data');
  readonly project = join(this.folder, 'project');
  readonly port: number;
  readonly #children = new Set<ChildProcess>();

  private constructor(port: number) {
    this.port = port;
    mkdirSync(this.project);
    process.once('exit', this.#killAll);
  }

  static async open(): Promise<Workbench> {
    return new Workbench(await freePort());
  }

  /** With a project that is set up. */
  static async withProject(): Promise<Workbench> {
    const bench = await Workbench.open();
    const { code, stderr } = await bench.cpk(['init', '--name', 'test']);
    if (code !== 0) throw new Error(stderr);
    return bench;
  }

  get env(): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    return {
      PATH,
      HOME,
      CPK_DATA_DIR: this.data_dir,
      CPK_PORT: String(this.port),
      ...programOf().env,
    };
  }

  /** Runs `cpk` to its end. */
  async cpk(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const child = this.start(args, options);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin?.end(options.stdin ?? '');
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return {
      code,
      stdout,
      stderr,
      json: parse(stdout),
      error: parse(stderr.trim().split('\n').at(-1) ?? ''),
    };
  }

  /** Runs `cpk` and expects that it goes well; answers what it printed. */
  async ok<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
    const ran = await this.cpk(args, options);
    if (ran.code !== 0) throw new Error(`cpk ${args.join(' ')} → ${ran.code}: ${ran.stderr}`);
    return (ran.json ?? ran.stdout) as T;
  }

  /** What `cpk` prints on a terminal. */
  async onTerminal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const command = this.commandLine(args);
    const script =
      process.platform === 'darwin'
        ? ['-q', '/dev/null', 'sh', '-c', command]
        : ['-qec', command, '/dev/null'];
    const child = spawn('script', script, {
      cwd: this.project,
      env: { ...this.env, TERM: 'xterm', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    await new Promise((resolve) => child.once('close', resolve));
    return text;
  }

  /** `cpk` as one types it into a shell. */
  commandLine(args: readonly string[]): string {
    return [...programOf().command, ...args].join(' ');
  }

  /** Starts `cpk` and leaves it running. */
  start(
    args: readonly string[],
    { cwd = this.project, env = {}, uid, version }: RunOptions = {},
  ): ChildProcess {
    const program = programOf(version);
    const [command = '', ...before] = program.command;
    const child = spawn(command, [...before, ...args], {
      cwd,
      env: { ...this.env, ...program.env, ...env },
      ...(uid === undefined ? {} : { uid }),
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  write(path: string, text: string): string {
    const file = join(this.project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  get daemon(): DaemonState | undefined {
    return readDaemonState(this.data_dir);
  }

  /** Ends the server as a crash would, and answers its process id. */
  async killServer(): Promise<number> {
    const { daemon } = this;
    if (daemon === undefined) throw new Error('there is no server to kill');
    process.kill(daemon.pid, 'SIGKILL');
    await until(() => this.daemon === undefined);
    return daemon.pid;
  }

  /** For a test run that ends before the test does. */
  readonly #killAll = () => {
    for (const child of this.#children) child.kill('SIGKILL');
    const { daemon } = this;
    if (daemon !== undefined) process.kill(daemon.pid, 'SIGKILL');
  };

  /** Ends all that was started here, and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    const { daemon } = this;
    if (daemon !== undefined) process.kill(daemon.pid, 'SIGTERM');
    await until(() => this.daemon === undefined);
    process.off('exit', this.#killAll);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What is being written in a folder at this moment, or was when somebody was killed. */
export function draftsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('.new-'));
}

/** Resolves when something has become so; fails after a while. */
export async function until(isSo: () => unknown, within_ms = 15_000): Promise<void> {
  const end = performance.now() + within_ms;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it did not become so: ${isSo}`);
    await sleep(10);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every output is JSON; a test that expects it fails on undefined.
    return undefined;
  }
}
