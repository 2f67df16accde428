import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { pnpmPath } from './pnpm-path.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the package `codepakt`, packed and unpacked as npm would install it. */
    codepakt: string;
    /** The folder with the tarballs of all published packages. */
    tarballs: string;
  }
}

const LIBRARIES = [
  'grammars',
  ...['core', 'scanner', 'api-client'].map((name) => `packages/${name}`),
];
const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds and packs everything as for publishing and unpacks the bundle into a temporary folder, so
 * that the tests here drive what people get, whatever is rebuilt meanwhile.
 */
export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-packed-')));
  const tarballs = join(folder, 'tarballs');
  const remove = () => rmSync(folder, { recursive: true });
  try {
    packAll(tarballs);
    project.provide('tarballs', tarballs);
    project.provide('codepakt', unpack(tarballs, join(folder, 'node_modules')));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

/** Builds and packs the published packages into `folder`. */
export function packAll(folder: string): void {
  run(process.execPath, 'node_modules/typescript/bin/tsc', '--build', ...LIBRARIES);
  run(process.execPath, 'packages/codepakt/build.ts');
  const published = ['--filter', './packages/*', '--filter', './grammars'];
  run(pnpmPath(), '--recursive', ...published, 'pack', '--pack-destination', folder);
}

/** The bundle as npm would install it; its one dependency is the one of this checkout. */
function unpack(tarballs: string, modules: string): string {
  const installed = join(modules, 'codepakt');
  const { version } = readManifest('packages/codepakt');
  mkdirSync(installed, { recursive: true });
  const tarball = join(tarballs, `codepakt-${version}.tgz`);
  run('tar', '-xzf', tarball, '-C', installed, '--strip-components=1');
  symlinkSync(
    realpathSync(join(root, 'packages/codepakt/node_modules/better-sqlite3')),
    join(modules, 'better-sqlite3'),
  );
  return installed;
}

function readManifest(folder: string): { version: string } {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

function run(command: string, ...args: string[]): void {
  const { error, status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error !== undefined) throw error;
  // The compiler tells its errors on stdout.
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}`);
}
