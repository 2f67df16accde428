import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, type PackageManager, pnpm, yarnBerry, yarnClassic } from '../package-managers.ts';

/** Every Node and package manager that is tried, by the name that it is installed under. */
const TOOLS = {
  node20: 'npm:node@20',
  node22: 'npm:node@22.14.0',
  node24: 'npm:node@24',
  node26: 'npm:node@26',
  npm11: 'npm:npm@11',
  npm12: 'npm:npm@12',
  pnpm12: 'npm:pnpm@12.18.0',
  yarn1: 'npm:yarn@1',
  yarn4: 'npm:@yarnpkg/cli-dist@4',
};

export interface Node {
  name: string;
  path: string;
}

export interface Tools {
  /** Without what cpk needs. */
  tooOld: Node;
  oldest: Node;
  present: Node;
  newest: Node;
  npm: PackageManager;
  pnpm: PackageManager;
  managers: PackageManager[];
  /** The folder of the package, as npm brings it along. */
  nodeGyp: string;
}

/** Fetches the tools into `folder`, from the registry that npm is set up for. */
export function fetchTools(folder: string): Tools {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const wanted = Object.entries(TOOLS).map(([name, source]) => `${name}@${source}`);
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...wanted];
  // The npm package `node` fetches its binary in a script of its own.
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' });

  const at = (tool: string) => join(folder, 'node_modules', tool);
  const version = (tool: string) =>
    JSON.parse(readFileSync(join(at(tool), 'package.json'), 'utf8')).version as string;
  const node = (tool: string) => ({
    name: `Node ${version(tool)}`,
    path: join(at(tool), 'bin/node'),
  });
  const run = (tool: string, file: string) => `node ${join(at(tool), file)}`;
  const newestNpm = npm(run('npm12', 'bin/npm-cli.js'), `npm ${version('npm12')}`);
  const newestPnpm = pnpm(run('pnpm12', 'bin/pnpm.mjs'), `pnpm ${version('pnpm12')}`);
  return {
    tooOld: node('node20'),
    oldest: node('node22'),
    present: node('node24'),
    newest: node('node26'),
    nodeGyp: join(at('npm12'), 'node_modules/node-gyp'),
    npm: newestNpm,
    pnpm: newestPnpm,
    managers: [
      npm(run('npm11', 'bin/npm-cli.js'), `npm ${version('npm11')}`),
      newestNpm,
      newestPnpm,
      yarnClassic(run('yarn1', 'bin/yarn.js'), `Yarn ${version('yarn1')}`),
      yarnBerry(run('yarn4', 'bin/yarn.js'), `Yarn ${version('yarn4')}, node_modules`),
    ],
  };
}
