import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Repository {
  root: string;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  [Symbol.dispose](): void;
}

/** A git repository in a folder of its own, with one commit; gone when disposed. */
export function temporaryRepository(files: Record<string, string>): Repository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-repository-')));
  const repository = openRepository(root);
  repository.git('init', '--quiet', '--initial-branch=main');
  for (const [path, text] of Object.entries(files)) repository.write(path, text);
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--allow-empty', '--message=first');
  return repository;
}

/** Git in a folder that is there already, deaf to how the machine has set it up. */
export function openRepository(root: string, extra: NodeJS.ProcessEnv = {}): Repository {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    ...extra,
  };
  return {
    root,
    git: (...args) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', env, stdio: 'pipe' }),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
