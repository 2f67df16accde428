import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Consumer } from './consumer.ts';
import { tryFiveMinutes } from './five-minutes.ts';
import { type Registry, startRegistry } from './local-registry.ts';
import { install, npm, pnpm } from './package-managers.ts';
import { pnpmPath } from './pnpm-path.ts';
import { tryBundle, tryGuide, tryLibraries } from './trial.ts';
import { SETUPS, tryTypes } from './try-types.ts';

// The short form of `pnpm e2e:matrix`, which has every package manager, Node and compiler.

/** A network of its own, with nothing in it. */
const canUnshare = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry(inject('tarballs'));
});
afterAll(() => registry[Symbol.asyncDispose]());

describe('all packages, installed with npm', () => {
  let consumer: Consumer;
  beforeAll(async () => {
    consumer = await Consumer.arrive();
    await install(consumer, npm(), registry.url);
  });
  afterAll(() => consumer[Symbol.asyncDispose]());

  test('the commands are there, small, and nothing wanted to run', async () => {
    expect(await tryBundle(consumer)).toEqual([]);
  });

  test('a person and two agents type the guide, and see what it says', async () => {
    expect(await tryGuide(consumer)).toEqual([]);
  });

  test('each library does what its programs in the documentation say', async () => {
    expect(await tryLibraries(consumer)).toEqual([]);
  });

  test.runIf(canUnshare)('no network is needed but the loopback interface', async () => {
    const script = `set -e
mkdir "$HOME/far" && cd "$HOME/far" && echo 'export const far = 1;' > far.ts
cpk init && cpk task add "Far away" && cpk task pickup --agent ada
cpk scan && cpk code symbols far && cpk server stop`;
    consumer.write('far.sh', script);
    const output = await consumer.must("unshare -rn sh -c 'ip link set lo up && . ./far.sh'", {
      CPK_DATA_DIR: `${consumer.home}/far-data`,
    });
    expect(output).toContain('"assignee":"ada"');
    expect(output).toContain('"at":"far.ts:1"');
  });

  test('a strict compiler takes the types', async () => {
    expect(await tryTypes(consumer, SETUPS.slice(0, 1))).toEqual([]);
  });
});

test('installed with pnpm, somebody who has the README alone gets two agents to work', async () => {
  await using consumer = await Consumer.arrive();
  await install(consumer, pnpm(pnpmPath()), registry.url);
  expect(await tryBundle(consumer)).toEqual([]);
  expect(await tryFiveMinutes(consumer)).toEqual([]);
  // Here a package finds only what it names itself.
  expect(await tryLibraries(consumer)).toEqual([]);
});
