import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Consumer } from './consumer.ts';
import { type Registry, startRegistry } from './local-registry.ts';
import { install, npm, pnpm } from './package-managers.ts';
import { pnpmPath } from './pnpm-path.ts';
import { tryBundle, tryGuide, tryLibraries } from './trial.ts';
import { SETUPS, tryTypes } from './try-types.ts';

// The short form of `pnpm e2e:matrix`, which has every package manager, Node and compiler.

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

  test('a strict compiler takes the types', async () => {
    expect(await tryTypes(consumer, SETUPS.slice(0, 1))).toEqual([]);
  });
});

test('installed with pnpm, the commands are there too', async () => {
  await using consumer = await Consumer.arrive();
  await install(consumer, pnpm(pnpmPath()), registry.url, ['codepakt']);
  expect(await tryBundle(consumer)).toEqual([]);
  expect(await consumer.must('cpk init --name shop && cpk scan')).toContain('"files":');
});
