import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initProject } from '@codepakt/core';
import { dumpIndex } from '@codepakt/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContext } from '../context.ts';
import { createOutput } from '../output.ts';
import { openRepository, type Repository, temporaryRepository } from '../testing/repository.ts';
import type { IndexPlace } from './index-place.ts';
import { type ScanOptions, scanProject } from './scan-project.ts';

const PATHS = ['a.ts', 'b.ts', 'lib/a.ts', 'lib/index.ts', 'm.py', 'pkg/__init__.py', 'g/g.go'];
const TEXTS = [
  'let x;\n',
  "import './a';\nimport './lib';\nexport class A { m() {} }\n",
  "import type { A } from '@/a';\nexport const b: A = 1;\n",
  'import pkg\nfrom m import x\n',
  'package g\nfunc G() {}\n',
  '\0binary',
];

const path = fc.constantFrom(...PATHS);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      path,
      text: fc.constantFrom(...TEXTS),
    }),
  },
  fc.record({ do: fc.constant('remove' as const), path }),
  fc.record({ do: fc.constant('move' as const), path, to: path }),
  fc.record({
    do: fc.constantFrom(
      'configure' as const,
      'commit' as const,
      'stash' as const,
      'unstash' as const,
      'switch' as const,
    ),
  }),
);

test('after any history a plain scan equals a full one', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      using repository = startRepository();
      using kept = openPlace(repository.root);
      await kept.scan();
      for (const one of steps) {
        act(repository, one);
        await kept.scan();
        using fresh = openPlace(repository.root);
        await fresh.scan({ full: true });
        expect(kept.dump()).toEqual(fresh.dump());
        await kept.scan({ full: true });
        expect(kept.dump()).toEqual(fresh.dump());
      }
    }),
    { numRuns: 8 },
  );
});

test('a staged scan equals a full one of the tree that git would check out', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      using repository = startRepository();
      using staged = openPlace(repository.root);
      await staged.scan();
      for (const one of steps) {
        act(repository, one);
        repository.git('add', '--all');
        // Only a commit's worth of changes is told apart by what is staged: other moves of HEAD are a plain scan's.
        await staged.scan(['stash', 'unstash', 'switch'].includes(one.do) ? {} : { staged: true });
        using checkout = checkOutIndex(repository);
        using fresh = openPlace(checkout.root);
        await fresh.scan({ full: true });
        expect(staged.dump()).toEqual(fresh.dump());
      }
    }),
    { numRuns: 8 },
  );
});

test('what is staged counts, and what lies beside it in the work tree comes with the next plain scan', async () => {
  using repository = temporaryRepository({ 'a.ts': 'let first;\n' });
  using place = openPlace(repository.root);
  await place.scan();
  repository.write('a.ts', 'let staged;\n');
  repository.git('add', 'a.ts');
  repository.write('a.ts', 'let later;\n');
  await place.scan({ staged: true });
  expect(place.names()).toEqual(['staged']);
  await place.scan();
  expect(place.names()).toEqual(['later']);
});

test('staged changes have no index to go to before the first scan', async () => {
  using repository = temporaryRepository({ 'a.ts': 'let a;\n' });
  using place = openPlace(repository.root);
  await expect(place.scan({ staged: true })).rejects.toMatchObject({
    code: 'index_out_of_date',
    hint: 'Make it: cpk scan',
  });
});

test('two scans at once both end, and leave one whole index', async () => {
  using repository = temporaryRepository(
    Object.fromEntries(
      Array.from({ length: 60 }, (_, number) => [`f${number}.ts`, `export let v${number};\n`]),
    ),
  );
  using place = openPlace(repository.root);
  const results = await Promise.all([place.scan(), place.scan()]);
  expect(results.map(({ files, symbols }) => [files, symbols])).toEqual([
    [60, 60],
    [60, 60],
  ]);
  using fresh = openPlace(repository.root);
  await fresh.scan({ full: true });
  expect(place.dump()).toEqual(fresh.dump());
});

test('an interrupted scan leaves the old index whole', async () => {
  using repository = temporaryRepository({ 'a.ts': 'let a;\n' });
  using place = openPlace(repository.root);
  await place.scan();
  const before = place.dump();
  repository.write('a.ts', 'let changed;\n');
  await expect(place.scan({}, AbortSignal.abort(new Error('Ctrl-C')))).rejects.toThrow();
  expect(place.dump()).toEqual(before);
});

function startRepository(): Repository {
  const repository = temporaryRepository({ 'a.ts': 'let x;\n', 'lib/a.ts': 'export class A {}\n' });
  repository.git('branch', 'other');
  return repository;
}

/** Does what git allows in the present state. */
function act(
  repository: Repository,
  one: typeof step extends fc.Arbitrary<infer S> ? S : never,
): void {
  try {
    if (one.do === 'write') repository.write(one.path, one.text);
    if (one.do === 'remove') rmSync(join(repository.root, one.path));
    if (one.do === 'move') repository.git('mv', '--force', one.path, one.to);
    if (one.do === 'configure') {
      repository.write('tsconfig.json', '{"compilerOptions":{"paths":{"@/*":["./lib/*"]}}}');
    }
    if (one.do === 'commit') repository.git('commit', '--quiet', '--all', '--message=next');
    if (one.do === 'stash') repository.git('stash', '--quiet', '--include-untracked');
    if (one.do === 'unstash') repository.git('stash', 'pop', '--quiet');
    if (one.do === 'switch') repository.git('checkout', '--quiet', 'other');
  } catch {
    // There was nothing to remove, move, commit, stash or bring back.
  }
}

/** The tree that the next commit has, in a repository of its own. */
function checkOutIndex(repository: Repository): Repository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-checkout-')));
  repository.git('checkout-index', '--all', `--prefix=${root}/`);
  const checkout = openRepository(root);
  checkout.git('init', '--quiet');
  return checkout;
}

interface OpenPlace {
  scan(options?: ScanOptions, signal?: AbortSignal): ReturnType<typeof scanProject>;
  dump(): ReturnType<typeof dumpIndex>;
  names(): unknown[];
  [Symbol.dispose](): void;
}

/** A board of its own for the files in `root`, so that several indexes of one folder can be compared. */
function openPlace(root: string): OpenPlace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-index-')));
  const data_dir = join(folder, 'data');
  const home = join(folder, 'home');
  mkdirSync(home);
  initProject(home, { data_dir });
  const file = join(home, '.codepakt', 'data.db');
  const place: IndexPlace = { root, index: file, board: file, is_worktree: false };
  return {
    async scan(options = {}, signal = new AbortController().signal) {
      const invocation = {
        argv: [],
        entry: '',
        version: '1.0.0',
        env: { CPK_DATA_DIR: data_dir },
        cwd: root,
        dashboardDir: undefined,
        grammarsDir: undefined,
        scannerWorker: undefined,
        boardExaminer: undefined,
      };
      const context = createContext(invocation, createOutput('json'), {});
      return scanProject(
        { ...context, agent: undefined, interruption: () => signal } as typeof context,
        place,
        options,
      );
    },
    dump: () => dumpIndex(file),
    names: () => dumpIndex(file).flatMap((row) => ('signature' in row ? [row.name] : [])),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
