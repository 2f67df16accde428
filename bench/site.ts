import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../apps/cli/src/testing/free-port.ts';
import { cpkEnvironment } from '../e2e/torture/call-cpk.ts';
import { daemonPid } from '../e2e/torture/daemons.ts';

/** A data directory with a daemon of its own, and room for projects; all of it goes when it is disposed. */
export class Site implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'codepakt-bench-'));
  readonly data_dir = join(this.folder, 'data');
  readonly cpk: string;
  readonly port: number;
  #daemon: ChildProcess | undefined;

  private constructor(cpk: string, port: number) {
    this.cpk = cpk;
    this.port = port;
  }

  static async open(cpk: string): Promise<Site> {
    return new Site(cpk, await freePort());
  }

  /** Of every call of `cpk` here: without certificates to load, which would add to each start. */
  get env(): NodeJS.ProcessEnv {
    const { data_dir: CPK_DATA_DIR, port } = this;
    return cpkEnvironment({
      CPK_DATA_DIR,
      CPK_PORT: String(port),
      CPK_OUTPUT: 'json',
      // The boards are filled with SQL: their logs do not tell what is on them.
      CPK_NO_EXAMINATION: '1',
    });
  }

  /** Makes a folder a project and answers the folder and the project's id. */
  addProject(name: string): { root: string; id: string } {
    const root = join(this.folder, name);
    mkdirSync(root);
    const { id } = JSON.parse(this.run(root, 'init')) as { id: string };
    return { root, id };
  }

  /** Runs `cpk` to its end; answers what it printed. */
  run(cwd: string, ...args: string[]): string {
    const { stdout, stderr, status } = spawnSync(process.execPath, [this.cpk, ...args], {
      cwd,
      env: this.env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`cpk ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  }

  get daemonPid(): number | undefined {
    return this.#daemon?.pid;
  }

  /** As `cpk server start` does, but as a child, so that it never outlives the bench. */
  async startDaemon(): Promise<void> {
    this.#daemon = spawn(process.execPath, [this.cpk, 'server', 'run', '--detached'], {
      cwd: this.folder,
      env: this.env,
      stdio: 'ignore',
    });
    const end = performance.now() + 20_000;
    while (daemonPid(this.data_dir) === undefined) {
      if (performance.now() > end) throw new Error('the daemon does not start');
      await sleep(20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const daemon = this.#daemon;
    if (daemon !== undefined && daemon.exitCode === null) {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
