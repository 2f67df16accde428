import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files that is gone when the test is done with it. */
export interface TemporaryProject extends Disposable {
  root: string;
  /** Writes a file, about an hour old and each a second younger, so that times are beyond doubt. */
  write(path: string, content: string | Uint8Array): void;
  remove(path: string): void;
  /** Runs git in the folder and answers what it prints. */
  git(...args: string[]): string;
}

export function temporaryProject(
  files: Record<string, string | Uint8Array> = {},
): TemporaryProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-scanner-')));
  let time = Math.floor(Date.now() / 1000) - 3_600;

  function write(path: string, content: string | Uint8Array): void {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    time++;
    utimesSync(file, time, time);
  }

  for (const [path, content] of Object.entries(files)) write(path, content);
  return {
    root,
    write,
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    git: (...args) =>
      execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', ...args], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The like with a git repository whose first commit has all the files. */
export function temporaryRepository(
  files: Record<string, string | Uint8Array> = {},
): TemporaryProject {
  const project = temporaryProject(files);
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('add', '--all');
  project.git('commit', '--quiet', '--allow-empty', '--message=first');
  return project;
}
