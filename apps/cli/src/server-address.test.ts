import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compareVersions } from './daemon/compare-versions.ts';
import { readToken } from './read-token.ts';
import { resolveAddress } from './server-address.ts';
import { dataDirOf } from './settings.ts';

describe('which server', () => {
  const nothing = { url: undefined, env: {}, project_url: undefined, settings: {} };

  test('each source goes before the next', () => {
    const all = {
      url: 'https://board.example.com/x/',
      env: { CPK_URL: 'http://10.0.0.1:1', CPK_PORT: '2' },
      project_url: 'http://localhost:3',
      settings: { port: 4 },
    };
    expect(resolveAddress(all)).toMatchObject({
      url: 'https://board.example.com/x',
      is_own: false,
    });
    const rest = { ...all, url: undefined };
    expect(resolveAddress(rest)).toMatchObject({ url: 'http://10.0.0.1:1', is_own: false });
    expect(resolveAddress({ ...rest, env: { CPK_PORT: '2' } }).url).toBe('http://127.0.0.1:2');
    expect(resolveAddress({ ...rest, env: {} })).toMatchObject({
      url: 'http://127.0.0.1:3',
      is_own: true,
    });
    expect(resolveAddress({ ...nothing, settings: { port: 4 } }).url).toBe('http://127.0.0.1:4');
    expect(resolveAddress(nothing).url).toBe('http://127.0.0.1:41920');
  });

  test.each([
    'http://evil.example.com:41920',
    'http://127.0.0.1.evil.example.com:41920',
    'http://user@127.0.0.1:41920',
    'https://127.0.0.1:41920',
    'http://169.254.169.254/',
    'file:///etc/passwd',
    'no url',
  ])('a cloned repository can not choose %s', (project_url) => {
    expect(resolveAddress({ ...nothing, project_url }).source).toBe('default');
  });

  test('what is no address is refused', () => {
    expect(() => resolveAddress({ ...nothing, url: 'localhost:5' })).toThrow('--url is');
    expect(() => resolveAddress({ ...nothing, env: { CPK_PORT: '70000' } })).toThrow('CPK_PORT is');
  });
});

describe('tokens', () => {
  let data_dir: string;
  beforeEach(() => {
    data_dir = mkdtempSync(join(tmpdir(), 'cpk-token-'));
  });
  afterEach(() => rmSync(data_dir, { recursive: true, force: true }));

  test('one is sent only to the address it was stored for', () => {
    const file = join(data_dir, 'tokens.json');
    writeFileSync(file, '{"http://127.0.0.1:5":"secret"}', { mode: 0o600 });
    const sources = { data_dir, env: {} };
    expect(readToken(sources, 'http://127.0.0.1:5')).toBe('secret');
    expect(readToken(sources, 'http://127.0.0.1:6')).toBeUndefined();
    expect(readToken({ data_dir, env: { CPK_TOKEN: 'other' } }, 'http://127.0.0.1:5')).toBe(
      'other',
    );
  });

  test('a file that others can read is refused', () => {
    const file = join(data_dir, 'tokens.json');
    writeFileSync(file, '{}');
    chmodSync(file, 0o644);
    expect(() => readToken({ data_dir, env: {} }, 'http://127.0.0.1:5')).toThrow(
      'others can read it',
    );
  });
});

test('the data directory', () => {
  const of = (CPK_DATA_DIR?: string) =>
    dataDirOf({ HOME: '/home/a', CPK_DATA_DIR }, '/home/a/shop');
  expect(of()).toBe('/home/a/.codepakt');
  expect(of('undefined')).toBe('/home/a/.codepakt');
  expect(of('~/x')).toBe('/home/a/x');
  expect(of('x')).toBe('/home/a/shop/x');
});

test('versions are compared by number, a pre-release before its release', () => {
  const sorted = ['0.9.0', '0.10.0-beta.2', '0.10.0-beta.10', '0.10.0', '0.10.1', '1.0.0'];
  for (const [index, version] of sorted.entries()) {
    for (const [other, against] of sorted.entries()) {
      expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other));
    }
  }
});
