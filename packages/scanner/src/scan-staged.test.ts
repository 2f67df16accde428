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
