import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogFile } from './log-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codepakt-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the log', () => {
  test('appends to what is there, and only its owner can read it', () => {
    const file = join(folder, 'deep', 'server.log');
    for (const line of ['one\n', 'two\n']) {
      using log = new LogFile(file);
      log.write(line);
    }
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is on the disk a moment later without being closed', async () => {
    const file = join(folder, 'server.log');
    using log = new LogFile(file);
    log.write('soon\n');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe('soon\n');
  });

  test('is rotated when it is full; three old ones are kept', () => {
    const file = join(folder, 'server.log');
    {
      using log = new LogFile(file, { max_bytes: 20 });
      for (let n = 0; n < 12; n += 1) {
        log.write(`line ${String(n).padStart(4)}\n`);
        log.flush();
      }
    }
    expect(readdirSync(folder).sort()).toEqual([
      'server.log',
      'server.log.1',
      'server.log.2',
      'server.log.3',
    ]);
    const text = (n: string) => readFileSync(`${file}${n}`, 'utf8').match(/\d+/g)?.join(' ');
    expect([text(''), text('.1'), text('.2'), text('.3')]).toEqual(['10 11', '8 9', '6 7', '4 5']);
  });
});
