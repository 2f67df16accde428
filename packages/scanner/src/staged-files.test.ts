import { existsSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grammarsDir } from '@codepakt/grammars';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScanner } from './scanner.ts';
import { stagedFiles } from './staged-files.ts';
import { knownAfter } from './testing/known-after.ts';
import {
  type TemporaryProject,
  temporaryProject,
  temporaryRepository,
} from './testing/temporary-project.ts';

const scanner = createScanner({ grammarsDir });

async function scanned(project: TemporaryProject) {
  return knownAfter(await scanner.scan(project));
}

test('what is staged is read, not what lies in the work tree', async () => {
  using project = temporaryRepository({ 'a.ts': 'let first;\n', 'b.ts': 'let b;\n' });
  const index = await scanned(project);
  project.write('a.ts', 'let staged;\n');
  project.git('add', 'a.ts');
  project.write('a.ts', 'let later;\n');
  project.write('b.ts', 'let not_staged;\n');
  const changes = await scanner.scanStaged({ ...project, known: index.known });
  expect(changes.parsed).toMatchObject([
    { path: 'a.ts', symbols: [{ name: 'staged' }], size: null, mtime: null },
  ]);
  expect(changes).toMatchObject({ removed: [] });
  // Without a stamp the next scan reads the file again.
  const next = await scanner.scan({ ...project, known: knownAfter(changes, index).known });
  expect(next.parsed.map((file) => file.symbols[0]?.name)).toEqual(['later', 'not_staged']);
});

test('a file that lies on disk as it is staged keeps its stamp', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n' });
  const index = await scanned(project);
  project.write('new.ts', 'let created;\n');
  project.git('add', 'new.ts');
  const changes = await scanner.scanStaged({ ...project, known: index.known });
  expect(changes.parsed).toMatchObject([{ path: 'new.ts', size: 13, mtime: expect.any(Number) }]);
  const next = await scanner.scan({ ...project, known: knownAfter(changes, index).known });
  expect(next).toMatchObject({ parsed: [], touched: [] });
});

test('deleted and renamed files leave, and the imports that led to them follow', async () => {
  using project = temporaryRepository({
    'main.ts': "import './a';\nimport './b';\n",
    'a.ts': 'let a;\n',
    'b.ts': 'let b;\n',
  });
  const index = await scanned(project);
  project.git('rm', '--quiet', 'a.ts');
  project.git('mv', 'b.ts', 'b.mts');
  const changes = await scanner.scanStaged({ ...project, known: index.known });
  expect(changes.removed).toEqual(['a.ts', 'b.ts']);
  const after = knownAfter(changes, index);
  expect(after.edges()).toEqual(['main.ts -> ', 'main.ts -> b.mts']);
});

test('a staged configuration counts before it is committed, a change of it that is not does not', async () => {
  const tsconfig = (folder: string) =>
    JSON.stringify({ compilerOptions: { paths: { '@/*': [`./${folder}/*`] } } });
  using project = temporaryRepository({
    'main.ts': "import '@/x';\n",
    'one/x.ts': '',
    'two/x.ts': '',
    'three/x.ts': '',
    'tsconfig.json': tsconfig('one'),
  });
  const index = await scanned(project);
  project.write('tsconfig.json', tsconfig('two'));
  project.git('add', 'tsconfig.json');
  project.write('tsconfig.json', tsconfig('three'));
  const changes = await scanner.scanStaged({ ...project, known: index.known });
  expect(knownAfter(changes, index).edges()).toEqual(['main.ts -> two/x.ts']);
});

test('what was staged and taken back again is forgotten', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'b.ts': 'let b;\n' });
  let index = await scanned(project);
  async function stage() {
    project.git('add', '--all');
    index = knownAfter(await scanner.scanStaged({ ...project, known: index.known }), index);
    return [...index.known.files].map((file) => file.path);
  }
  project.remove('a.ts');
  project.write('b.ts', 'let changed;\n');
  project.write('new.ts', 'let created;\n');
  expect(await stage()).toEqual(['b.ts', 'new.ts']);
  project.remove('new.ts');
  project.git('reset', '--quiet', '--hard');
  expect(await stage()).toEqual(['a.ts', 'b.ts']);
  expect(index.content()).toEqual((await scanned(project)).content());
});

test('what was committed without a scan is read, also when it was written anew or is gone', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'gone.ts': 'let b;\n' });
  const index = await scanned(project);
  project.write('a.ts', 'let committed;\n');
  project.write('gone.ts', 'let committed_too;\n');
  project.git('commit', '--quiet', '--all', '--message=next');
  project.write('a.ts', 'let committed;\n');
  project.remove('gone.ts');
  const changes = await scanner.scanStaged({ ...project, known: index.known });
  const names = changes.parsed.map(({ symbols }) => symbols[0]?.name);
  expect(names.sort()).toEqual(['committed', 'committed_too']);
});

test('the only file comes back as it was committed, to an index that had become empty', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n' });
  let index = await scanned(project);
  async function stage() {
    project.git('add', '--all');
    index = knownAfter(await scanner.scanStaged({ ...project, known: index.known }), index);
    return [...index.known.files].map((file) => file.path);
  }
  project.remove('a.ts');
  expect(await stage()).toEqual([]);
  project.write('a.ts', 'let a;\n');
  expect(await stage()).toEqual(['a.ts']);
});

test('a project in a folder of the repository sees its own files only', async () => {
  using project = temporaryRepository({ 'app/a.ts': 'let a;\n', 'lib/b.ts': 'let b;\n' });
  const app = { ...project, root: join(project.root, 'app') };
  const index = await scanned(app);
  project.write('app/a.ts', 'let changed;\n');
  project.write('lib/b.ts', 'let changed;\n');
  project.git('add', '--all');
  const changes = await scanner.scanStaged({ ...app, known: index.known });
  expect(changes.parsed.map((file) => file.path)).toEqual(['a.ts']);
});

test('the first commit is staged as well, and links are followed to files of the project only', async () => {
  using project = temporaryProject({ 'a.ts': 'let a;\n', 'main.ts': "import './link';\n" });
  project.git('init', '--quiet');
  symlinkSync('a.ts', join(project.root, 'link.ts'));
  symlinkSync('/etc/hostname', join(project.root, 'outside.ts'));
  project.git('add', '--all');
  const index = knownAfter(await scanner.scanStaged(project));
  expect(index.edges()).toEqual(['main.ts -> a.ts']);
  expect([...index.known.files].map((file) => file.path)).toEqual(['a.ts', 'main.ts']);
});

test('.codepaktignore holds for what is staged', async () => {
  using project = temporaryRepository({ '.codepaktignore': 'generated/\n' });
  project.write('generated/a.ts', 'let a;\n');
  project.git('add', '--all');
  expect(await scanner.scanStaged(project)).toMatchObject({ parsed: [], skipped: [] });
});

test('what was left out stays so, tracked or not, and is looked into again when it is staged', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'tracked.ts': '\0' });
  project.write('untracked.ts', '\0');
  for (const path of ['tracked.ts', 'untracked.ts']) {
    utimesSync(join(project.root, path), 1e9, 1e9);
  }
  const index = await scanned(project);
  project.write('a.ts', 'let changed;\n');
  project.git('add', 'a.ts');
  const { skipped } = await scanner.scanStaged({ ...project, known: index.known });
  expect(skipped.map(({ path }) => path)).toEqual(['tracked.ts', 'untracked.ts']);
  project.write('tracked.ts', 'let readable;\n');
  project.git('add', 'tracked.ts');
  const next = await scanner.scanStaged({ ...project, known: index.known });
  expect(next.parsed.map(({ path }) => path)).toContain('tracked.ts');
  expect(next.skipped.map(({ path }) => path)).toEqual(['untracked.ts']);
});

test('no filter is run that the config of a repository names', async () => {
  using project = temporaryRepository({ 'a.ts': 'export const a = 1;\n' });
  const marker = join(project.root, 'ran');
  writeFileSync(join(project.root, '.git/filter'), `#!/bin/sh\ntouch '${marker}'\ncat\n`, {
    mode: 0o755,
  });
  project.write('.gitattributes', '*.ts filter=x\n');
  project.write('b.ts', 'export const b = 1;\n');
  // Newer than the index: git has to read it to know whether it was changed.
  const later = Date.now() / 1_000 + 60;
  utimesSync(join(project.root, 'b.ts'), later, later);
  project.git('add', '.');
  project.git('config', 'filter.x.clean', join(project.root, '.git/filter'));
  project.git('config', 'filter.x.required', 'true');
  const { modified } = await stagedFiles(project.root);
  expect(modified).toEqual(new Set());
  expect(existsSync(marker)).toBe(false);
});

test('outside of a repository nothing can be staged', async () => {
  using project = temporaryProject({ 'a.ts': '' });
  await expect(scanner.scanStaged(project)).rejects.toMatchObject({ code: 'wrong_usage' });
});

const paths = ['a.ts', 'b.ts', 'lib/a.ts', 'lib/index.ts', 'm.py', 'pkg/__init__.py', 'g/g.go'];
const texts = [
  'let x;\n',
  "import './a';\nimport './lib';\nexport class A { m() {} }\n",
  "import '@/a';\n",
  'import pkg\nfrom m import x\n',
  'package g\nfunc G() {}\n',
  '\0binary',
];
const action = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    path: fc.constantFrom(...paths),
    text: fc.constantFrom(...texts),
  }),
  fc.record({ do: fc.constant('remove' as const), path: fc.constantFrom(...paths) }),
  fc.record({
    do: fc.constant('move' as const),
    path: fc.constantFrom(...paths),
    to: fc.constantFrom(...paths),
  }),
  fc.record({
    do: fc.constantFrom(
      'configure' as const,
      'commit' as const,
      'stash' as const,
      'switch' as const,
    ),
  }),
);

test('after any history a plain scan equals a full one, and a staged scan the tree as staged', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
      using project = temporaryRepository({ 'a.ts': 'let x;\n' });
      project.git('branch', 'other');
      let plain = await scanned(project);
      let staged = plain;
      for (const step of actions) {
        act(project, step);
        project.git('add', '--all');
        staged = knownAfter(await scanner.scanStaged({ ...project, known: staged.known }), staged);
        plain = knownAfter(await scanner.scan({ ...project, known: plain.known }), plain);
        if (step.do === 'stash' || step.do === 'switch') staged = plain;
        const full = await scanned(project);
        expect(plain.content()).toEqual(full.content());
        expect(staged.content()).toEqual(full.content());
      }
    }),
    { numRuns: 12 },
  );
});

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** Does what git allows in the present state. */
function act(project: TemporaryProject, step: Action): void {
  try {
    if (step.do === 'write') project.write(step.path, step.text);
    if (step.do === 'remove') project.remove(step.path);
    if (step.do === 'move') project.git('mv', '--force', step.path, step.to);
    if (step.do === 'configure') {
      project.write('tsconfig.json', '{"compilerOptions":{"paths":{"@/*":["./lib/*"]}}}');
    }
    if (step.do === 'commit') project.git('commit', '--quiet', '--message=next');
    if (step.do === 'stash') project.git('stash', '--quiet');
    if (step.do === 'switch') project.git('checkout', '--quiet', 'other');
  } catch {
    // There was nothing to remove, move, commit or stash.
  }
}
