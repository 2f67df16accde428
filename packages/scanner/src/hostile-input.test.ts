import { grammarsDir } from '@codepakt/grammars';
import { describe, expect, test } from 'vitest';
import { languages } from './languages.ts';
import { createScanner } from './scanner.ts';
import { extractText } from './testing/extract-text.ts';
import { temporaryRepository } from './testing/temporary-project.ts';

const scanner = createScanner({ grammarsDir });

/** A file of each language with one declaration before and one after what is put in between. */
const SAMPLES: Record<string, { path: string; around: (middle: string) => string }> = {
  typescript: {
    path: 'x.ts',
    around: (middle) => `export function before() {}\n${middle}\nexport function after() {}\n`,
  },
  tsx: {
    path: 'x.tsx',
    around: (middle) => `export function before() {}\n${middle}\nexport function after() {}\n`,
  },
  javascript: {
    path: 'x.js',
    around: (middle) => `export function before() {}\n${middle}\nexport function after() {}\n`,
  },
  python: {
    path: 'x.py',
    around: (middle) => `def before():\n    pass\n${middle}\ndef after():\n    pass\n`,
  },
  go: {
    path: 'x.go',
    around: (middle) => `package x\n\nfunc before() {}\n${middle}\nfunc after() {}\n`,
  },
};

async function namesIn(path: string, text: string): Promise<string[]> {
  const { symbols } = await extractText(path, text);
  return symbols.map((symbol) => symbol.name);
}

describe.each(languages.map((language) => language.name))('%s', (language) => {
  const { path, around } = SAMPLES[language] ?? { path: '', around: () => '' };

  test('what stands before a syntax error is found, and the file is marked', async () => {
    for (const error of [
      '}}}}',
      '((((',
      '@@@ ###',
      '<<<<<<< HEAD',
      '"unclosed',
      'func func func',
    ]) {
      const { symbols, has_errors } = await extractText(path, around(error));
      expect(has_errors).toBe(true);
      expect(symbols.map((symbol) => symbol.name)).toContain('before');
    }
  });

  test('a file that is cut off anywhere is read up to there', async () => {
    const text = around('').repeat(2);
    for (let length = 0; length <= text.length; length++) {
      await expect(extractText(path, text.slice(0, length))).resolves.toBeDefined();
    }
  });

  test('line feeds, carriage returns and tabs do not move a line', async () => {
    const unix = await extractText(path, around('\n\n'));
    const dos = await extractText(path, around('\n\n').replaceAll('\n', '\r\n'));
    const where = ({ symbols }: typeof unix) =>
      symbols.map(({ name, line, column, end_line, signature }) => [
        name,
        line,
        column,
        end_line,
        signature,
      ]);
    expect(where(dos)).toEqual(where(unix));
    expect(dos.symbols.every((symbol) => !symbol.signature.includes('\r'))).toBe(true);
  });

  test('ten thousand brackets one in another do not end the scan', {
    timeout: 60_000,
  }, async () => {
    for (const [open, close] of ['()', '[]', '{}']) {
      const nested = `${open}`.repeat(10_000) + `${close}`.repeat(10_000);
      await expect(extractText(path, around(`x = ${nested}`))).resolves.toBeDefined();
      await expect(extractText(path, around(`x = ${open?.repeat(10_000)}`))).resolves.toBeDefined();
    }
  });

  test('an empty file, a blank one and one of comments alone declare nothing', async () => {
    for (const text of ['', '\n', ' \t \r\n', language === 'python' ? '# only' : '// only']) {
      expect(await namesIn(path, text)).toEqual([]);
    }
  });
});

test('names may have any letters, and columns count in UTF-16 units', async () => {
  const typescript = await extractText(
    'x.ts',
    'const 变量 = "🎉", café = 1, e\u0301 = 2;\nclass Ünï { 方法() {} }\n',
  );
  expect(typescript.symbols.map(({ name, column }) => [name, column])).toEqual([
    ['变量', 7],
    ['café', 18],
    ['e\u0301', 28],
    ['Ünï', 7],
    ['方法', 13],
  ]);
  const python = await extractText('x.py', 'naïve = "👨‍👩‍👧"; größe = 1\ndef función(): pass\n');
  expect(python.symbols.map((symbol) => symbol.name)).toEqual(['naïve', 'größe', 'función']);
  const go = await extractText('x.go', 'package x\n\nfunc Größe() {}\nvar π = 3\n');
  expect(go.symbols.map((symbol) => symbol.name)).toEqual(['Größe', 'π']);
});

test('object literals one in another are followed to a sensible depth', async () => {
  const depth = 3_000;
  const text = `export const a = ${'{ a: '.repeat(depth)}1${' }'.repeat(depth)};\nexport const after = 1;\n`;
  const names = await namesIn('x.ts', text);
  expect(names.at(-1)).toBe('after');
  expect(names.length).toBeLessThan(100);
});

test('signatures and docs of any length are cut, never within a character', async () => {
  const { symbols } = await extractText(
    'x.ts',
    `/** ${'🎉'.repeat(5_000)} */\nfunction f(${'🎉'.repeat(10)}, ${'a, '.repeat(5_000)}) {}\n/** ${'x'.repeat(5_000)} */ let y;\n`,
  );
  for (const { signature, doc } of symbols) {
    expect(signature.length).toBeLessThanOrEqual(240);
    expect(signature.isWellFormed()).toBe(true);
    expect(doc?.length).toBeLessThanOrEqual(200);
    expect(doc?.isWellFormed()).toBe(true);
  }
});

test('byte order marks, UTF-16 and case in extensions make no difference', async () => {
  const text = 'export function f() {}\n';
  const mark = '\ufeff';
  using project = temporaryRepository({
    'plain.ts': text,
    'marked.ts': mark + text,
    'little.ts': Buffer.from(mark + text, 'utf16le'),
    'big.ts': Buffer.from(mark + text, 'utf16le').swap16(),
    'UPPER.TS': text,
    'upper.ts': 'export let lower;\n',
    'latin-1.ts': Buffer.from('// caf\xe9\nexport function f() {}\n', 'latin1'),
  });
  const { parsed, skipped } = await scanner.scan(project);
  expect(skipped).toEqual([]);
  expect(
    parsed.map(
      ({ path, symbols }) =>
        `${path}: ${symbols.map(({ name, line, column }) => `${name} ${line}:${column}`)}`,
    ),
  ).toEqual([
    'UPPER.TS: f 1:17',
    'big.ts: f 1:17',
    'latin-1.ts: f 2:17',
    'little.ts: f 1:17',
    'marked.ts: f 1:17',
    'plain.ts: f 1:17',
    'upper.ts: lower 1:12',
  ]);
});

test('a zero byte far down is no end of the file', async () => {
  using project = temporaryRepository({
    'x.ts': `${'// so long\n'.repeat(1_000)}export let before = "\0";\nexport let after;\n`,
  });
  const { parsed } = await scanner.scan(project);
  expect(parsed[0]?.symbols.map((symbol) => symbol.name)).toEqual(['before', 'after']);
  expect(JSON.stringify(parsed)).not.toContain('\\u0000');
});

test('a line of two megabytes is skipped at the head of a file, and parsed further down', {
  timeout: 60_000,
}, async () => {
  const line = `export const long = [${'1,'.repeat(950_000)}];\n`;
  using project = temporaryRepository({
    'head.ts': line,
    'down.ts': `${'// so long\n'.repeat(6_000)}${line}export let after;\n`,
  });
  const { parsed, skipped } = await scanner.scan(project);
  expect(skipped).toMatchObject([{ path: 'head.ts', reason: 'minified' }]);
  expect(parsed[0]?.symbols.map((symbol) => symbol.name)).toEqual(['long', 'after']);
});

test('a file on which the grammar would think for minutes is given up, and the next one is parsed', async () => {
  using project = temporaryRepository({
    'a.go': `package a\nvar a = ${`${'[],'.repeat(100)}\n`.repeat(200)}`,
    'b.go': 'package a\n\nfunc After() {}\n',
  });
  const { parsed, skipped } = await scanner.scan(project);
  expect(skipped).toMatchObject([{ path: 'a.go', reason: 'too_complex' }]);
  expect(parsed[0]?.symbols.map((symbol) => symbol.name)).toEqual(['After']);
});

test('imports differ by case, as the files do', async () => {
  using project = temporaryRepository({
    'Button.ts': '',
    'button.ts': '',
    'main.ts': "import './Button';\nimport './button';\nimport './BUTTON';\n",
  });
  const { parsed } = await scanner.scan(project);
  const main = parsed.find((file) => file.path === 'main.ts');
  expect(main?.imports.map((one) => one.resolved)).toEqual([['Button.ts'], ['button.ts'], []]);
});

test('a file that breaks the parser is left out, and all others are read', async () => {
  const others = Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`src/${n}.js`, `export const a${n} = ${n};\n`]),
  );
  // Each sign may be less than, or begin the arguments of a type, or JSX: the parser keeps all ways.
  using project = temporaryRepository({ ...others, 'hostile.js': 'a<a<a<\n'.repeat(290_000) });
  const { parsed, skipped, errors } = await scanner.scan(project);
  expect(parsed.map(({ path }) => path)).toEqual(Object.keys(others).sort());
  expect(skipped).toMatchObject([{ path: 'hostile.js', reason: 'too_complex' }]);
  expect(errors).toEqual([{ file: 'hostile.js', message: expect.stringContaining('memory') }]);
});

test('a file that is nested too deeply to be walked is left out', async () => {
  const depth = 20_000;
  using project = temporaryRepository({
    'deep.ts': `${'namespace A {\n'.repeat(depth)}${'}'.repeat(depth)}`,
    'plain.ts': 'export const a = 1;',
  });
  const { parsed, skipped } = await scanner.scan(project);
  expect(parsed.map(({ path }) => path)).toEqual(['plain.ts']);
  expect(skipped).toMatchObject([{ path: 'deep.ts', reason: 'too_complex' }]);
});

test('so is a small one in a scan of few files, and a staged scan says what to do', async () => {
  using project = temporaryRepository({
    'hostile.js': '{a:\n'.repeat(97_000),
    'plain.js': 'export const a = 1;',
  });
  project.write('hostile.js', '{a:\n'.repeat(97_001));
  project.git('add', '--all');
  await expect(scanner.scanStaged(project)).rejects.toMatchObject({
    message: expect.stringContaining('hostile.js'),
    hint: expect.stringContaining('cpk scan'),
  });
  const { parsed, skipped } = await scanner.scan(project);
  expect(parsed.map(({ path }) => path)).toEqual(['plain.js']);
  expect(skipped).toMatchObject([{ path: 'hostile.js', reason: 'too_complex' }]);
});
