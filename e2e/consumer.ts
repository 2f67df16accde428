import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../apps/cli/src/testing/free-port.ts';

export interface Outcome {
  status: number | null;
  /** What was printed, to either stream, in its order. */
  output: string;
}

/** Somebody else's machine: a home, a project, and a daemon's data and port, all of their own. */
export class Consumer implements AsyncDisposable {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-consumer-')));
  readonly home = join(this.#folder, 'home');
  readonly project = join(this.#folder, 'shop');
  readonly #port: number;
  /** Goes before the rest of PATH, as the `node` that is used there. */
  readonly #node: string;

  private constructor(port: number, node: string) {
    this.#port = port;
    this.#node = node;
    mkdirSync(this.home);
    this.write('package.json', '{ "name": "shop", "private": true, "type": "module" }\n');
  }

  /** Where its daemon listens. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  static async arrive(node = process.execPath): Promise<Consumer> {
    return new Consumer(await freePort(), dirname(node));
  }

  /** Writes a file of the project. */
  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.project, file)), { recursive: true });
    writeFileSync(join(this.project, file), text);
  }

  /** Runs a line of shell in the project, with its own installed commands and nothing of this checkout. */
  sh(line: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const path = [join(this.project, 'node_modules/.bin'), this.#node, process.env.PATH];
    const shell = spawn('sh', ['-c', `exec 2>&1\n${line}`], {
      cwd: this.project,
      env: {
        PATH: path.join(':'),
        HOME: this.home,
        CI: 'true',
        CPK_DATA_DIR: join(this.home, '.codepakt'),
        CPK_PORT: String(this.#port),
        npm_config_cache: join(this.home, 'npm-cache'),
        npm_config_update_notifier: 'false',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Promise((resolve, reject) => {
      let output = '';
      shell.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      shell.once('error', reject);
      // A daemon that was started keeps nothing of ours open, so this comes when the line has ended.
      shell.once('close', (status) => resolve({ status, output }));
    });
  }

  /** The same, and its output; throws when it fails. */
  async must(line: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { status, output } = await this.sh(line, env);
    if (status !== 0) throw new Error(`${line} ended with ${status}:\n${output}`);
    return output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sh('command -v cpk && cpk server stop');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
