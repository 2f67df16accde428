import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generate } from './generate.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { bodyOfBlock, withBlock } from './marked-block.ts';

const VERSION = '1.0.0';
const FULL = INSTRUCTIONS;
const RULE = '.claude/rules/codepakt.md';
const ALL = ['.codepakt/AGENTS.md', 'AGENTS.md', RULE, 'GEMINI.md'];

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-generate-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string | Buffer): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const body = (path: string) => bodyOfBlock(read(path))?.trim();
const run = () => generate(root, VERSION);

describe('where nothing is', () => {
  test('each agent gets the file that it reads, and the second time nothing is written', () => {
    expect(run()).toEqual({ written: ALL, left_alone: [] });
    expect(ALL.map(body)).toEqual([FULL, FULL, '@../../AGENTS.md', '@./AGENTS.md']);
    const before = ALL.map((path) => statSync(join(root, path)));
    expect(run()).toEqual({ written: [], left_alone: [] });
    const after = ALL.map((path) => statSync(join(root, path)));
    expect(after.map(({ ino, mtimeMs }) => [ino, mtimeMs])).toEqual(
      before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    );
    expect(readdirSync(root).sort()).toEqual(['.claude', '.codepakt', 'AGENTS.md', 'GEMINI.md']);
  });
});

describe("somebody's own files", () => {
  test('get a block at the end; what imported AGENTS.md goes on to do so', () => {
    write('AGENTS.md', '# Ours\n');
    write('CLAUDE.md', '# Claude\n\n@AGENTS.md');
    expect(run().written).not.toContain(RULE);
    expect(read('AGENTS.md').startsWith('# Ours\n\n<!-- codepakt')).toBe(true);
    expect(read('CLAUDE.md')).toBe('# Claude\n\n@AGENTS.md');
  });

  test('a CLAUDE.md with words of its own gets ours, and not what AGENTS.md says besides', () => {
    write('AGENTS.md', '# Not for Claude\n');
    write('CLAUDE.md', '# Claude\n');
    write('GEMINI.md', '# Gemini\n');
    run();
    expect(read('CLAUDE.md')).toBe('# Claude\n');
    expect(body(RULE)).toBe('@../../.codepakt/AGENTS.md');
    expect(body('GEMINI.md')).toBe('@./.codepakt/AGENTS.md');
  });

  test('an AGENTS.md that Claude Code reads where no CLAUDE.md is, it reads on', () => {
    write('AGENTS.md', '# For everybody\n');
    run();
    expect(body(RULE)).toBe('@../../AGENTS.md');
    write('CLAUDE.md', 'My words\n');
    expect(run().written).toEqual([]);
    expect(body(RULE)).toBe('@../../AGENTS.md');
  });

  test('.claude/CLAUDE.md means that Claude Code is not to read AGENTS.md', () => {
    write('.claude/CLAUDE.md', '# Claude\n');
    run();
    expect(body(RULE)).toBe('@../../.codepakt/AGENTS.md');
  });

  test.each([
    ['CLAUDE.md', '# Claude\n\nRead @AGENTS.md first.\n'],
    ['.claude/CLAUDE.md', '@../AGENTS.md\n'],
  ])('%s that imports AGENTS.md is enough', (path, text) => {
    write(path, text);
    expect(run().written).not.toContain(RULE);
    expect(read(path)).toBe(text);
  });

  test('what stands in code is no import', () => {
    write('CLAUDE.md', 'Put `@AGENTS.md` here:\n\n```\n@AGENTS.md\n```\n');
    run();
    expect(body(RULE)).toBe('@../../.codepakt/AGENTS.md');
  });

  test.each([
    '{"context": {"fileName": ["AGENTS.md", "GEMINI.md"]}}',
    '{\n  // as of before\n  "contextFileName": "AGENTS.md",\n}',
  ])('GEMINI.md is not made where the settings of Gemini CLI name AGENTS.md: %s', (settings) => {
    write('.gemini/settings.json', settings);
    run();
    expect(existsSync(join(root, 'GEMINI.md'))).toBe(false);
  });

  test('settings that never come to an end are read in no time', () => {
    write('.gemini/settings.json', '"fileName":['.repeat(60_000));
    const before = process.cpuUsage();
    expect(run().written).toContain('GEMINI.md');
    // Of the processor's time: a search that begins anew at each of them needs twenty times as much.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500);
  });

  test('what codepakt 0.2 left is replaced', () => {
    write('.codepakt/CLAUDE.md', '<!-- cpk_version: 0.2.0 -->\nOld words\n');
    write('.codepakt/AGENTS.md', '<!-- cpk_version: 0.2.0 -->\nOld words\n');
    write('CLAUDE.md', '@import .codepakt/CLAUDE.md\n# Claude\n');
    run();
    expect(read('.codepakt/AGENTS.md')).not.toContain('Old words');
    expect(body('.codepakt/CLAUDE.md')).toBe('@AGENTS.md');
    expect(read('CLAUDE.md')).toBe('# Claude\n');
    expect(body(RULE)).toBe('@../../.codepakt/AGENTS.md');
  });

  test('a block that was written into CLAUDE.md once gives way to the rule', () => {
    write('CLAUDE.md', withBlock('# Claude\n', { body: '@AGENTS.md', version: '0.9.0' }));
    expect(run().written).toEqual([
      '.codepakt/AGENTS.md',
      'AGENTS.md',
      'CLAUDE.md',
      RULE,
      'GEMINI.md',
    ]);
    expect(read('CLAUDE.md').trim()).toBe('# Claude');
    expect(run().written).toEqual([]);
  });

  test('keep their rights, their line ends and every other byte', () => {
    const file = write('AGENTS.md', '\uFEFF# Ours\r\n\r\nä');
    chmodSync(file, 0o640);
    run();
    expect(read('AGENTS.md').startsWith('\uFEFF# Ours\r\n\r\nä\r\n\r\n<!-- codepakt')).toBe(true);
    expect(read('AGENTS.md')).not.toMatch(/[^\r]\n/);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });
});

describe('links', () => {
  test.each([
    ['AGENTS.md', 'CLAUDE.md'],
    ['CLAUDE.md', 'AGENTS.md'],
  ])('%s that is a link to %s: one file, one block, the link stays', (link, file) => {
    write(file, '# Ours\n');
    symlinkSync(file, join(root, link));
    expect(run().written).toContain('AGENTS.md');
    expect(realpathSync(join(root, link))).toBe(join(root, file));
    expect(read(file).match(/codepakt end/g)).toHaveLength(1);
    expect(body(link)).toBe(FULL);
    expect(existsSync(join(root, RULE))).toBe(false);
    expect(run().written).toEqual([]);
  });

  test('both are one file under two names, and stay so', () => {
    linkSync(write('AGENTS.md', '# Ours\n'), join(root, 'CLAUDE.md'));
    run();
    expect(body('CLAUDE.md')).toBe(FULL);
    expect(read('CLAUDE.md').match(/codepakt end/g)).toHaveLength(1);
    expect(statSync(join(root, 'AGENTS.md')).nlink).toBe(2);
  });

  test('out of the project are not followed', () => {
    using outside = temporaryFolder();
    const theirs = join(outside.path, 'theirs.md');
    writeFileSync(theirs, 'theirs\n');
    symlinkSync(theirs, join(root, 'AGENTS.md'));
    symlinkSync(outside.path, join(root, '.codepakt'));
    const { written, left_alone } = run();
    expect(left_alone.map(({ path }) => path)).toEqual(ALL.slice(0, 2));
    expect(left_alone[1]?.why).toContain(theirs);
    expect(written).toEqual([RULE, 'GEMINI.md']);
    expect(readdirSync(outside.path)).toEqual(['theirs.md']);
    expect(readFileSync(theirs, 'utf8')).toBe('theirs\n');
  });

  test('under the name that a draft might have do no harm to where they lead', () => {
    using outside = temporaryFolder();
    const theirs = join(outside.path, 'theirs.md');
    writeFileSync(theirs, 'theirs\n');
    symlinkSync(theirs, join(root, `AGENTS.md.new-${process.pid}`));
    expect(run().written).toEqual(ALL);
    expect(readFileSync(theirs, 'utf8')).toBe('theirs\n');
    expect(lstatSync(join(root, 'AGENTS.md')).isFile()).toBe(true);
    expect(body('AGENTS.md')).toBe(FULL);
  });

  test('to a file that is yet to be made are followed', () => {
    symlinkSync('AGENTS.md', join(root, 'CLAUDE.md'));
    symlinkSync('docs/gemini.md', join(root, 'GEMINI.md'));
    expect(run()).toEqual({ written: ALL.filter((path) => path !== RULE), left_alone: [] });
    expect(body('CLAUDE.md')).toBe(FULL);
    expect(body('docs/gemini.md')).toBe('@./AGENTS.md');
  });

  test('to themselves are left alone', () => {
    symlinkSync('AGENTS.md', join(root, 'AGENTS.md'));
    expect(run().left_alone).toEqual([{ path: 'AGENTS.md', why: 'it is a link to itself' }]);
    expect(body(RULE)).toBe('@../../.codepakt/AGENTS.md');
  });
});

describe('what cannot be written', () => {
  test('is left as it is and named, and the others are written', () => {
    const bytes = Buffer.from('\xff\xfe#\0', 'latin1');
    chmodSync(write('AGENTS.md', '# Ours\n'), 0o444);
    write(RULE, bytes);
    mkdirSync(join(root, 'GEMINI.md'));
    expect(run()).toEqual({
      written: ['.codepakt/AGENTS.md'],
      left_alone: [
        { path: 'AGENTS.md', why: `${join(root, 'AGENTS.md')} may not be written to` },
        { path: RULE, why: 'it is no UTF-8 text' },
        { path: 'GEMINI.md', why: 'it is no file' },
      ],
    });
    expect(read('AGENTS.md')).toBe('# Ours\n');
    expect(readFileSync(join(root, RULE))).toEqual(bytes);
  });

  test('nor what is too large to tell an agent anything', () => {
    write('GEMINI.md', '# Ours\n'.repeat(150_000));
    expect(run().left_alone).toEqual([{ path: 'GEMINI.md', why: 'it is larger than 1 MB' }]);
  });

  test('a block that somebody edited is left to them', () => {
    run();
    const edited = read('AGENTS.md').replace('### Code', '### My words');
    write('AGENTS.md', edited);
    expect(run()).toEqual({
      written: [],
      left_alone: [{ path: 'AGENTS.md', why: expect.stringContaining('edited') }],
    });
    expect(read('AGENTS.md')).toBe(edited);
  });
});

function temporaryFolder(): { path: string; [Symbol.dispose](): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-outside-')));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
