import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the package `codepakt`, packed and unpacked as npm would install it. */
    codepakt: string;
  }
}

const source = fileURLToPath(new URL('../packages/codepakt', import.meta.url));

/**
 * Builds the bundle, packs it as for publishing and unpacks it into a temporary folder,
 * so that the tests here drive what people get, whatever is rebuilt meanwhile.
 */
export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-packed-')));
  const installed = join(folder, 'node_modules', 'codepakt');
  mkdirSync(installed, { recursive: true });
  run(process.execPath, 'build.ts');
  pnpm('pack', '--out', join(folder, 'codepakt.tgz'));
  run('tar', '-xzf', join(folder, 'codepakt.tgz'), '-C', installed, '--strip-components=1');
  symlinkSync(
    realpathSync(join(source, 'node_modules/better-sqlite3')),
    join(folder, 'node_modules/better-sqlite3'),
  );
  project.provide('codepakt', installed);
  return () => rmSync(folder, { recursive: true });
}

function pnpm(...args: string[]): void {
  try {
    run('pnpm', ...args);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Vitest was started by hand, outside of pnpm.
    const root = JSON.parse(readFileSync(join(source, '../../package.json'), 'utf8'));
    run('npx', '--yes', '--prefer-offline', root.packageManager, ...args);
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: source, stdio: ['ignore', 'ignore', 'inherit'] });
}
