import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../apps/cli/src/testing/free-port.ts';
import { type Client, createClient } from '../../packages/api-client/src/index.ts';
import { createNodeTransport } from '../../packages/api-client/src/node.ts';

/** A project with a real daemon of the packed `cpk`, in folders of their own. */
export class Workbench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-dashboard-')));
  readonly root = join(this.folder, 'web-shop');
  readonly cpk: string;
  readonly port: number;
  readonly #token: string | undefined;
  /** The API as a program calls it; acts of a person unless an agent is named. */
  readonly client: Client;
  project = '';
  #daemon: ChildProcess | undefined;

  private constructor(cpk: string, port: number, token: string | undefined) {
    this.cpk = cpk;
    this.port = port;
    this.#token = token;
    this.client = createClient(createNodeTransport(this.url, { token }));
    mkdirSync(this.root);
  }

  /** `codepakt`: the folder of the package. With a token the daemon lets nobody in without it. */
  static async open(codepakt: string, { token }: { token?: string } = {}): Promise<Workbench> {
    const bench = new Workbench(join(codepakt, 'dist/cpk.js'), await freePort(), token);
    bench.project = (await bench.run<{ id: string }>('init', '--name', 'web-shop')).id;
    await bench.startDaemon();
    return bench;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The address of a view of the project. */
  view(path: string): string {
    return `${this.url}/p/${this.project}/${path}`;
  }

  /** Runs a command as a person or agent would, in the project's folder, and reads what it prints. */
  async run<T = unknown>(...args: string[]): Promise<T> {
    const { stdout } = await promisify(execFile)(process.execPath, [this.cpk, ...args], {
      cwd: this.root,
      env: this.#env(),
      encoding: 'utf8',
    });
    return JSON.parse(stdout) as T;
  }

  /** Sets up one more project on the same daemon; answers its id. */
  async addProject(name: string): Promise<string> {
    const root = join(this.folder, name);
    mkdirSync(root);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [this.cpk, 'init', '--name', name],
      { cwd: root, env: this.#env(), encoding: 'utf8' },
    );
    return (JSON.parse(stdout) as { id: string }).id;
  }

  async startDaemon(): Promise<void> {
    const daemon = spawn(process.execPath, [this.cpk, 'server', 'run'], {
      cwd: this.root,
      env: this.#env(),
      stdio: 'ignore',
    });
    this.#daemon = daemon;
    await until(() =>
      this.client.health.read().then(
        () => true,
        () => false,
      ),
    );
  }

  async stopDaemon(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    if (daemon === undefined || daemon.exitCode !== null) return;
    daemon.kill('SIGTERM');
    await new Promise((resolve) => daemon.once('close', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopDaemon();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #env(): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    const data = join(this.folder, 'data');
    const token = this.#token === undefined ? {} : { CPK_TOKEN: this.#token };
    return { PATH, HOME, CPK_DATA_DIR: data, CPK_PORT: String(this.port), ...token };
  }
}

/** Resolves when something has become so; fails after a while. */
export async function until(isSo: () => unknown, within_ms = 10_000): Promise<void> {
  const end = performance.now() + within_ms;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it did not become so: ${isSo}`);
    await sleep(20);
  }
}
