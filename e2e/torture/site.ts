import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freePort } from '../../apps/cli/src/testing/free-port.ts';
import { type CpkResult, callCpk, cpkEnvironment } from './call-cpk.ts';
import { endDaemon } from './daemons.ts';

const COMPILED = join(tmpdir(), 'codepakt-torture-compiled');

/** How a process ended: by itself, or by a signal. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

/** A daemon that this process has started, and can kill. */
export interface SpawnedDaemon {
  pid: number;
  url: string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ending>;
}

export interface SiteOptions {
  /** The bundled `cpk.js`. */
  entry: string;
  /** Where to be instead of a new temporary folder. */
  folder?: string | undefined;
}

export interface StartOptions {
  /** Said to the shell before the daemon takes its place, such as `ulimit -n 40`. */
  before?: string | undefined;
  env?: Record<string, string> | undefined;
}

/** A project with a data directory of its own, its daemons, and its calls of `cpk`. */
export class Site {
  readonly entry: string;
  readonly folder: string;
  root: string;
  data_dir: string;
  /** Where its daemons listen. */
  readonly port: number;
  /** The id of the project. */
  id = '';
  readonly #children = new Set<ChildProcess>();
  readonly #isOurs: boolean;

  private constructor({ entry, folder }: SiteOptions, port: number) {
    this.entry = entry;
    this.port = port;
    this.#isOurs = folder === undefined;
    this.folder = folder ?? realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-torture-')));
    this.root = join(this.folder, 'project');
    this.data_dir = join(this.folder, 'data');
  }

  /** Makes the folder, and with `cpk init` the project in it. */
  static async open(options: SiteOptions): Promise<Site> {
    const site = await Site.bare(options);
    await site.init();
    return site;
  }

  /** The same without a project. */
  static async bare(options: SiteOptions): Promise<Site> {
    return new Site(options, await freePort());
  }

  /** Makes the folder a project. */
  async init(): Promise<void> {
    mkdirSync(this.root, { recursive: true });
    const { id } = (await this.answer(['init', '--name', basename(this.folder)])) as { id: string };
    this.id = id;
  }

  get board(): string {
    return join(this.root, '.codepakt', 'data.db');
  }

  /** Another project in the same data directory. */
  async beside(name = 'beside'): Promise<Site> {
    const other = new Site({ entry: this.entry, folder: join(this.folder, name) }, this.port);
    other.data_dir = this.data_dir;
    await other.init();
    return other;
  }

  get env(): NodeJS.ProcessEnv {
    return cpkEnvironment({
      CPK_DATA_DIR: this.data_dir,
      CPK_PORT: String(this.port),
      CPK_OUTPUT: 'json',
      // Not each site's processes are to compile the same program anew; on a small disk they do.
      ...(this.#isOurs ? { NODE_COMPILE_CACHE: COMPILED } : {}),
    });
  }

  /** Runs `cpk`, in the project unless told otherwise. */
  cpk(args: readonly string[], kill_after_ms?: number, cwd = this.root): Promise<CpkResult> {
    return callCpk({ entry: this.entry, cwd, env: this.env, args, kill_after_ms });
  }

  /** What a call of `cpk` printed, which must go well. */
  async answer(args: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.cpk(args);
    if (code !== 0) throw new Error(`cpk ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** Starts `cpk` and leaves it running. */
  spawn(args: readonly string[], { before = ':', env = {} }: StartOptions = {}): ChildProcess {
    const child = spawn(
      'sh',
      ['-c', `${before}; exec "$@"`, 'sh', process.execPath, this.entry, ...args],
      {
        cwd: this.root,
        env: { ...this.env, ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  /**
   * Starts a daemon.
   * @throws what it said on stderr, when it does not serve
   */
  async startDaemon(options: StartOptions = {}): Promise<SpawnedDaemon> {
    const child = this.spawn(['server', 'run'], options);
    const ended = endingOf(child);
    const url = await Promise.race([addressOf(child), ended.then(({ stderr }) => stderr)]);
    if (!url.startsWith('http')) throw new Error(`the daemon did not start: ${url}`);
    return {
      // `exec` gave the daemon the shell's id.
      pid: child.pid ?? 0,
      url,
      kill: (signal) => child.kill(signal),
      ended,
    };
  }

  /** The address of the project below a daemon's. */
  api(daemon: Pick<SpawnedDaemon, 'url'>, path = ''): string {
    return `${daemon.url}/api/projects/${this.id}${path}`;
  }

  /**
   * Copies the database as it lies there, WAL and all, so that looking at it changes nothing. Nobody
   * may have it open: files that are copied one after the other would not belong together.
   */
  copyBoard(name = 'copy.db'): string {
    const copy = join(this.folder, name);
    for (const suffix of ['-wal', '-shm', '']) {
      rmSync(copy + suffix, { force: true });
      if (existsSync(this.board + suffix)) copyFileSync(this.board + suffix, copy + suffix);
    }
    return copy;
  }

  /** A copy of one moment of the database, also while others write to it. */
  takeSnapshot(): string {
    const copy = join(this.folder, 'snapshot.db');
    rmSync(copy, { force: true });
    const sqlite = new DatabaseSync(this.board);
    sqlite.prepare('VACUUM INTO ?').run(copy);
    sqlite.close();
    return copy;
  }

  /** Ends all that was started here, and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    const children = [...this.#children];
    const ended = children.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
    if (existsSync(this.data_dir)) await endDaemon(this.data_dir, 'SIGKILL');
    if (this.#isOurs) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves with how a process has ended, and what it said. */
export function endingOf(child: ChildProcess): Promise<Ending> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

/** The address that a daemon notes in its log when it serves. */
export function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const listen = (text: string) => {
      said += text;
      const url = /"url":"(http:[^"]+)".*"the server listens"/.exec(said)?.[1];
      if (url === undefined) return;
      child.stderr?.off('data', listen);
      resolve(url);
    };
    child.stderr?.setEncoding('utf8').on('data', listen);
  });
}
