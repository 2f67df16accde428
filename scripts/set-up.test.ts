import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

test('an old Node is named, with the one that is needed', () => {
  const versions = "{ value: { ...process.versions, node: '18.20.4' } }";
  const pretend = `Object.defineProperty(process, 'versions', ${versions})`;
  const { stderr, status } = setUp(newCheckout(), {}, [
    '--import',
    `data:text/javascript,${pretend}`,
  ]);
  expect(stderr).toContain('Node 18.20.4 is too old');
  expect(stderr).toContain('Install Node 20 or newer');
  expect(status).toBe(1);
});

test('a missing git is named', () => {
  const { stderr, status } = setUp(newCheckout(), { PATH: newFolder() });
  expect(stderr).toContain('git was not found');
  expect(status).toBe(1);
});

test('without a network the first set-up ends soon, and says why', () => {
  const { stdout, stderr, status } = setUp(newCheckout(), {
    npm_config_user_agent: undefined,
    npm_config_cache: newFolder(),
    npm_config_registry: 'http://127.0.0.1:9/',
  });
  expect(stdout).toContain('Set-up: pnpm@');
  expect(stderr).toContain('The package registry cannot be reached (ECONNREFUSED)');
  expect(status).toBe(1);
}, 30_000);

test('a lockfile that does not fit is named, below what pnpm said', () => {
  const checkout = newCheckout();
  cpSync(join(root, 'pnpm-workspace.yaml'), join(checkout, 'pnpm-workspace.yaml'));
  cpSync(join(root, 'pnpm-lock.yaml'), join(checkout, 'pnpm-lock.yaml'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  manifest.devDependencies['is-odd'] = '3.0.1';
  writeFileSync(join(checkout, 'package.json'), JSON.stringify(manifest));
  const { stderr, status } = setUp(checkout);
  expect(stderr).toContain('ERR_PNPM_');
  expect(stderr).toContain('pnpm-lock.yaml does not fit a package.json');
  expect(status).toBe(1);
}, 30_000);

test('the script runs with pnpm on its PATH, gets the arguments, and its exit status is kept', () => {
  const bin = newFolder();
  // A pnpm that has nothing to do.
  writeFileSync(join(bin, 'pnpm'), '#!/bin/sh\nexit 0', { mode: 0o755 });
  const checkout = newCheckout();
  mkdirSync(join(checkout, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(checkout, 'node_modules/.bin/node'));
  writeFileSync(
    join(checkout, 'scripts/probe.mjs'),
    'console.log(JSON.stringify([process.env.PATH.split(":").slice(0, 2), process.argv.slice(2)])); process.exit(7)',
  );
  const { stdout, status } = setUp(checkout, {
    npm_config_user_agent: 'pnpm/12',
    PATH: `${bin}:${process.env.PATH}`,
  });
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([
    [join(checkout, 'node_modules/.bin'), bin],
    ['one', 'two'],
  ]);
  expect(status).toBe(7);
});

function setUp(
  checkout: string,
  env: Record<string, string | undefined> = {},
  nodeOptions: string[] = [],
) {
  return spawnSync(
    process.execPath,
    [...nodeOptions, join(checkout, 'scripts/set-up.mjs'), 'probe.mjs', 'one', 'two'],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
}

/** A checkout in which nothing was installed. */
function newCheckout(): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'scripts'));
  for (const file of ['package.json', 'scripts/set-up.mjs'])
    cpSync(join(root, file), join(folder, file));
  return folder;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-set-up-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
