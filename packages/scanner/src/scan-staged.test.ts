import { grammarsDir } from '@codepakt/grammars';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScanner } from './scanner.ts';
import { knownAfter, type MemoryIndex } from './testing/known-after.ts';
import { type TemporaryProject, temporaryRepository } from './testing/temporary-project.ts';

const scanner = createScanner({ grammarsDir });

const files = {
  'a.ts': "import './b';\nexport const a = 1;\n",
  'b.ts': 'export const b = 1;\n',
  'lib/index.ts': "import '@/x';\n",
  'm.py': 'from pkg import n\n',
  'pkg/__init__.py': '',
  'pkg/n.py': 'N = 1\n',
  'tsconfig.json': '{}',
  'README.md': 'text\n',
};

const texts = [
  "import './b';\nexport const a = 2;\n",
  "import './lib';\nimport '@/b';\n",
  'from pkg import n, other\n',
  'export class A { m() {} }\n',
  '{"compilerOptions":{"paths":{"@/*":["./*"]}}}',
  '\0binary',
];

const path = fc.constantFrom(...Object.keys(files));
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      path,
      text: fc.constantFrom(...texts),
      is_staged: fc.boolean(),
    }),
  },
  fc.record({ do: fc.constantFrom('stage' as const, 'remove' as const, 'restore' as const), path }),
  { weight: 4, arbitrary: fc.constant({ do: 'scan_staged' as const }) },
  fc.record({
    do: fc.constantFrom(
      'scan' as const,
      'commit' as const,
      'unstage' as const,
      'stage_all' as const,
    ),
  }),
);

test('what the last scan noted of git makes a staged scan quick, and changes nothing of its outcome', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
      using project = temporaryRepository(files);
      const first = knownAfter(await scanner.scan(project));
      let index = knownAfter(await scanner.scanStaged({ ...project, known: first.known }), first);
      for (const one of steps) {
        act(project, one);
        if (one.do === 'scan') {
          index = knownAfter(await scanner.scan({ ...project, known: index.known }), index);
        } else if (one.do === 'scan_staged') {
          const long = { ...project, known: { ...index.known, layout: withoutNote(index) } };
          const expected = knownAfter(await scanner.scanStaged(long), index);
          index = knownAfter(await scanner.scanStaged({ ...project, known: index.known }), index);
          expect(index.content()).toEqual(expected.content());
        }
      }
    }),
    { numRuns: 12 },
  );
});

const importing = {
  'package.json': '{"workspaces":["packages/*"]}',
  'packages/p/package.json':
    '{"name":"p","main":"./lib/entry.js","exports":{".":"./lib/entry.js","./*":"./src/*.ts"}}',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      paths: { '@/*': ['./src/*'] },
      rootDirs: ['views', 'gen'],
      outDir: 'out',
      rootDir: 'src',
    },
  }),
  'main.ts': [
    ...['./bird', './cat', './cat.js', './lib', './lib/', '.', './x.component', './data.json'],
    ...['./out/bird', './out/lib/cat.js', './out', './packages/p', 'p', 'p/cat', '@/cat', './gen'],
    ...['./raw!./cat', './cat?raw', './cat/', './cat/.', 'packages/p/src/cat'],
  ]
    .map((specifier) => `import '${specifier}';\n`)
    .join(''),
  'lib/main.ts': "import '..';\nimport '../cat';\nimport './cat';\nimport '../views/cat';\n",
  'views/main.js': "require('./cat');\nrequire('../views');\nrequire('../gen/bird');\n",
  'main.py': 'import cat\nfrom lib import cat, bird\nfrom . import bird\nfrom .lib.cat import x\n',
  'go.mod': 'module example.com/m\n',
  'main.go': 'package main\nimport (\n"example.com/m/lib"\n"./cat"\n)\n',
};

const coming = [
  ...['bird.ts', 'cat.ts', 'cat.js', 'cat.d.ts', 'cat/index.ts', 'cat/cat.ts', 'cat.json'],
  ...['lib.ts', 'lib/index.ts', 'lib/cat.tsx', 'lib/bird.go', 'cat/cat.go', 'index.ts', 'src.ts'],
  ...['x.component.ts', 'data.json', 'src/bird.ts', 'src/cat.ts', 'src/lib/cat.ts', 'src/index.ts'],
  ...['packages/p/lib/entry.ts', 'packages/p/src/cat.ts', 'packages/p/src/entry.ts', 'p.ts'],
  ...['gen/cat.ts', 'gen/bird.js', 'gen.ts', 'gen/index.js', 'views/cat.ts', 'views/bird.mjs'],
  ...[
    'cat.py',
    'bird.py',
    'lib/__init__.py',
    'lib/cat.py',
    'lib/cat/x.py',
    'cat.txt',
    'out/bird.js',
  ],
];

test('what comes and goes between two staged scans leads imports where a scan of all leads them', {
  timeout: 300_000,
}, async () => {
  const changes = fc.uniqueArray(fc.constantFrom(...coming), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { minLength: 3, maxLength: 8 }), async (steps) => {
      using project = temporaryRepository(importing);
      const first = knownAfter(await scanner.scan(project));
      let index = knownAfter(await scanner.scanStaged({ ...project, known: first.known }), first);
      const present = new Set<string>();
      for (const step of steps) {
        for (const one of step) {
          if (present.delete(one)) project.remove(one);
          else if (present.add(one)) project.write(one, one.endsWith('.go') ? 'package lib\n' : '');
        }
        project.git('add', '--all');
        index = knownAfter(await scanner.scanStaged({ ...project, known: index.known }), index);
        expect(index.content()).toEqual(knownAfter(await scanner.scan(project)).content());
      }
    }),
    { numRuns: 10 },
  );
});

function withoutNote({ known }: MemoryIndex): string | null {
  if (known.layout === null) return null;
  const { staged: _, ...layout } = JSON.parse(known.layout);
  return JSON.stringify(layout);
}

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Does what git allows in the present state. */
function act(project: TemporaryProject, one: Step): void {
  try {
    if (one.do === 'write') {
      project.write(one.path, one.text);
      if (one.is_staged) project.git('add', one.path);
    }
    if (one.do === 'remove') project.remove(one.path);
    if (one.do === 'restore') project.git('checkout', '--quiet', '--', one.path);
    if (one.do === 'stage') project.git('add', '--', one.path);
    if (one.do === 'stage_all') project.git('add', '--all');
    if (one.do === 'unstage') project.git('reset', '--quiet');
    if (one.do === 'commit') project.git('commit', '--quiet', '--message=next');
  } catch {
    // There was nothing to remove, bring back or commit.
  }
}
