import {
  chmodSync,
  cpSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { grammarsDir } from '@codepakt/grammars';
import { expect, test } from 'vitest';
import { loadGrammars } from './grammar.ts';
import { languages } from './languages.ts';
import { createScanner } from './scanner.ts';
import { knownAfter } from './testing/known-after.ts';
import { temporaryProject, temporaryRepository } from './testing/temporary-project.ts';

const scanner = createScanner({ grammarsDir });

test('a file on which the parser breaks in a thread is named', async () => {
  // Enough of them for threads: a runtime of its own stays with each.
  const files = Array.from({ length: 60 }, (_, n) => [`${n}.py`, 'a = 1\n'] as const);
  using project = temporaryProject(Object.fromEntries(files));
  using broken = temporaryProject({});
  cpSync(grammarsDir, broken.root, { recursive: true });
  truncateSync(join(broken.root, 'python/grammar.wasm'), 1_000);
  const { scan } = createScanner({ grammarsDir: broken.root });
  await expect(scan(project)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringMatching(/\d\.py could not be parsed: .*The index is as it was/s),
    hint: expect.stringContaining('.codepaktignore'),
  });
});

test('a scan finds the files of every language, what they declare and where they lead', async () => {
  using project = temporaryRepository({
    'a.ts': "import { b } from './b';\nexport const a = b;\n",
    'b.tsx': 'export const b = <p />;\n',
    'c.mjs': "import './a.ts';\n",
    'd.py': 'def d(): pass\n',
    'e.go': 'package e\nfunc E() {}\n',
    'README.md': '# no code\n',
  });
  const { parsed, removed, skipped, errors } = await scanner.scan(project);
  expect(parsed.map(({ path, language, lines }) => ({ path, language, lines }))).toEqual([
    { path: 'a.ts', language: 'typescript', lines: 2 },
    { path: 'b.tsx', language: 'tsx', lines: 1 },
    { path: 'c.mjs', language: 'javascript', lines: 1 },
    { path: 'd.py', language: 'python', lines: 1 },
    { path: 'e.go', language: 'go', lines: 2 },
  ]);
  expect(parsed.flatMap((file) => file.symbols.map((symbol) => symbol.name))).toEqual([
    'a',
    'b',
    'd',
    'E',
  ]);
  expect(knownAfter(await scanner.scan(project)).edges()).toEqual([
    'a.ts -> b.tsx',
    'c.mjs -> a.ts',
  ]);
  expect({ removed, skipped, errors }).toEqual({
    removed: [],
    skipped: [],
    errors: [],
  });
});

test('a process loads the grammars once, however often it scans', () => {
  expect(loadGrammars(grammarsDir)).toBe(loadGrammars(grammarsDir));
});

test('a second scan of an unchanged tree parses nothing', async () => {
  using project = temporaryRepository({ 'a.ts': 'export let a;\n', 'b.py': 'b = 1\n' });
  const first = knownAfter(await scanner.scan(project));
  const second = await scanner.scan({ ...project, known: first.known });
  expect(second).toMatchObject({
    parsed: [],
    touched: [],
    removed: [],
    relinked: [],
  });
  const full = await scanner.scan({ ...project, known: first.known, full: true });
  expect(full.parsed).toHaveLength(2);
});

test('a file of another time but the same content is not parsed', async () => {
  using project = temporaryRepository({ 'a.ts': 'export let a;\n' });
  const first = knownAfter(await scanner.scan(project));
  utimesSync(join(project.root, 'a.ts'), 1e9, 1e9);
  const second = await scanner.scan({ ...project, known: first.known });
  expect(second).toMatchObject({
    parsed: [],
    touched: [{ path: 'a.ts', mtime: 1e15 }],
  });
});

test('a file that changed just now is looked at again, for its clock may stand still', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n' });
  const now = new Date();
  utimesSync(join(project.root, 'a.ts'), now, now);
  const first = knownAfter(await scanner.scan(project));
  expect(first.known.files).toMatchObject([{ size: null, mtime: null }]);
  project.write('a.ts', 'let b;\n');
  utimesSync(join(project.root, 'a.ts'), now, now);
  const second = await scanner.scan({ ...project, known: first.known });
  expect(second.parsed.map((file) => file.symbols[0]?.name)).toEqual(['b']);
});

test('what comes and goes changes where the imports of other files lead', async () => {
  using project = temporaryRepository({
    'main.ts': "import './x';\nimport '@lib/y';\nimport './z.css';\n",
    'x/index.ts': '',
  });
  let index = knownAfter(await scanner.scan(project));
  expect(index.edges()).toEqual(['main.ts -> ', 'main.ts -> ', 'main.ts -> x/index.ts']);

  async function rescan() {
    const changes = await scanner.scan({ ...project, known: index.known });
    index = knownAfter(changes, index);
    expect(index.content()).toEqual(knownAfter(await scanner.scan(project)).content());
    return changes;
  }

  project.write('x.ts', '');
  expect(await rescan()).toMatchObject({ relinked: [{ resolved: ['x.ts'] }] });
  project.write('lib/y.ts', '');
  expect(await rescan()).toMatchObject({ relinked: [] });
  project.write('tsconfig.json', '{"compilerOptions":{"paths":{"@lib/*":["./lib/*"]}}}');
  expect(await rescan()).toMatchObject({ relinked: [{ resolved: ['lib/y.ts'] }], parsed: [] });
  project.write('z.css', '');
  expect(await rescan()).toMatchObject({ relinked: [{ resolved: ['z.css'] }] });
  project.remove('x.ts');
  expect(await rescan()).toMatchObject({
    removed: ['x.ts'],
    relinked: [{ resolved: ['x/index.ts'] }],
  });
  renameSync(join(project.root, 'x/index.ts'), join(project.root, 'x.mts'));
  expect(await rescan()).toMatchObject({
    removed: ['x/index.ts'],
    relinked: [{ resolved: ['x.mts'] }],
  });
});

test('a file that grew too large or is excluded now is removed from the index', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'b.ts': 'let b;\n' });
  const index = knownAfter(await scanner.scan(project));
  project.write('a.ts', '/'.repeat(2 * 1024 * 1024 + 1));
  project.write('.codepaktignore', 'b.ts\n');
  const changes = await scanner.scan({ ...project, known: index.known });
  expect(changes).toMatchObject({
    removed: ['a.ts', 'b.ts'],
    skipped: [{ path: 'a.ts', reason: 'too_large' }],
  });
});

test('a newer extractor reads a file again', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n' });
  const index = knownAfter(await scanner.scan(project));
  const files = [...index.known.files].map((file) => ({ ...file, extractor_version: 0 }));
  const changes = await scanner.scan({ ...project, known: { ...index.known, files } });
  expect(changes.parsed.map((file) => file.extractor_version)).toEqual([
    languages.find((language) => language.name === 'typescript')?.extractor.version,
  ]);
});

test('what is no source is skipped and counted with the reason', async () => {
  using project = temporaryRepository({
    'binary.ts': 'let a = "\0";\n',
    'utf-16-without-mark.ts': Buffer.from('let a = 1;\n', 'utf16le'),
    'large.py': 'a = 1\n'.repeat(400_000),
    'minified.js': `var a="${'x'.repeat(20_001)}";\n`,
    'long-line-later.js': `${'let a;\n'.repeat(10_000)}var b="${'x'.repeat(20_001)}";\n`,
    'long-but-not-too-long.js': `var c="${'x'.repeat(19_000)}";\n`,
  });
  const { skipped, parsed, errors } = await scanner.scan(project);
  expect(skipped).toMatchObject([
    { path: 'binary.ts', reason: 'binary' },
    { path: 'large.py', reason: 'too_large' },
    { path: 'minified.js', reason: 'minified' },
    { path: 'utf-16-without-mark.ts', reason: 'binary' },
  ]);
  expect(parsed.map((file) => file.path)).toEqual([
    'long-but-not-too-long.js',
    'long-line-later.js',
  ]);
  expect(errors).toEqual([]);
});

test('a file that cannot be read is reported, and the rest is scanned', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'b.ts': 'let b;\n' });
  chmodSync(project.root, 0o755);
  chmodSync(join(project.root, 'a.ts'), 0);
  using _ = withoutPrivileges();
  const { parsed, skipped, errors } = await scanner.scan(project);
  expect(parsed.map((file) => file.path)).toEqual(['b.ts']);
  expect(skipped).toMatchObject([{ path: 'a.ts', reason: 'unreadable' }]);
  expect(errors).toMatchObject([{ file: 'a.ts' }]);
});

/** Root may read everything: until it is disposed of, this process is somebody else. */
function withoutPrivileges(): Disposable {
  if (process.getuid?.() !== 0) return { [Symbol.dispose]() {} };
  process.seteuid?.(65_534);
  return { [Symbol.dispose]: () => process.seteuid?.(0) };
}

test('many files are parsed in threads, with the same outcome and with progress', {
  timeout: 60_000,
}, async () => {
  const files = Array.from({ length: 300 }, (_, at) => [
    `f${at}.ts`,
    `import { f${at + 1} } from './f${at + 1}';\nexport function f${at}() {}\n`,
  ]);
  using project = temporaryRepository(Object.fromEntries(files));
  const progress: number[] = [];
  const changes = await scanner.scan({
    ...project,
    onProgress: ({ done, total }) => {
      progress.push(done);
      expect(total).toBe(300);
    },
  });
  expect(changes.parsed).toHaveLength(300);
  expect(changes.parsed.map((file) => file.path)).toEqual(files.map(([path]) => path).sort());
  expect(changes.parsed.every((file) => file.symbols.length === 1)).toBe(true);
  expect(progress.at(-1)).toBe(300);
  const unlinked = changes.parsed.filter((file) => file.imports[0]?.resolved.length === 0);
  expect(unlinked.map((file) => file.path)).toEqual(['f299.ts']);
});

test('an interrupted scan throws and leaves nothing running', { timeout: 60_000 }, async () => {
  const files = Array.from({ length: 200 }, (_, at) => [
    `f${at}.ts`,
    'export let a;\n'.repeat(400),
  ]);
  using project = temporaryRepository(Object.fromEntries(files));
  const controller = new AbortController();
  const scan = scanner.scan({ ...project, signal: controller.signal });
  setTimeout(() => controller.abort(), 150);
  await expect(scan).rejects.toMatchObject({ code: 'interrupted' });
});

test('a file that vanishes while the scan is under way is as if it had never been', {
  timeout: 60_000,
}, async () => {
  const files = Array.from({ length: 200 }, (_, at) => [
    `f${at}.ts`,
    'export let a;\n'.repeat(100),
  ]);
  using project = temporaryRepository({ ...Object.fromEntries(files), 'z.ts': 'let z;\n' });
  const scan = scanner.scan(project);
  // The smallest is read last.
  const timer = setTimeout(() => unlinkSync(join(project.root, 'z.ts')), 60);
  const { parsed, errors } = await scan;
  clearTimeout(timer);
  expect(errors).toEqual([]);
  expect(parsed.filter((file) => file.path !== 'z.ts')).toHaveLength(200);
});

test('an import that leads to a link leads to the file behind it', async () => {
  using project = temporaryProject({ 'real/a.ts': '', 'main.ts': "import './link';\n" });
  symlinkSync('real/a.ts', join(project.root, 'link.ts'));
  expect(knownAfter(await scanner.scan(project)).edges()).toEqual(['main.ts -> real/a.ts']);
});

test('a check says what a scan would change, and parses nothing', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'b.ts': 'let b;\n', 'c.js': '\0' });
  const { known } = knownAfter(await scanner.scan(project));
  const nothing = { changed: [], added: [], removed: [] };
  expect(await scanner.check({ ...project, known })).toEqual(nothing);
  utimesSync(join(project.root, 'a.ts'), 1e9, 1e9);
  expect(await scanner.check({ ...project, known })).toEqual(nothing);
  project.write('a.ts', 'let changed;\n');
  project.write('new.ts', '');
  project.write('picture.js', '\0');
  project.remove('b.ts');
  expect(await scanner.check({ ...project, known })).toEqual({
    changed: ['a.ts'],
    added: ['new.ts'],
    removed: ['b.ts'],
  });
});
