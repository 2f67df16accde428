import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { NEWER, OLDER } from '../apps/cli/src/testing/versions.ts';
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
  // As where npm installs for everybody: one test runs it as another user.
  chmodSync(folder, 0o755);
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

/**
 * The bundle as npm would install it; its one dependency is the one of this checkout. Beside it lies
 * the same under other versions, for what happens when somebody upgrades.
 */
function unpack(tarballs: string, modules: string): string {
  const { version } = readManifest(join(root, 'packages/codepakt'));
  const tarball = join(tarballs, `codepakt-${version}.tgz`);
  const installed = join(modules, 'codepakt');
  addPackage(tarball, installed);
  for (const other of [OLDER, NEWER]) {
    const folder = `${installed}-${other}`;
    addPackage(tarball, folder);
    const manifest = { ...readManifest(folder), version: other };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  }
  symlinkSync(
    realpathSync(join(root, 'packages/codepakt/node_modules/better-sqlite3')),
    join(modules, 'better-sqlite3'),
  );
  return installed;
}

function addPackage(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  run('tar', '-xzf', tarball, '-C', folder, '--strip-components=1');
}

function readManifest(folder: string): { version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
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
