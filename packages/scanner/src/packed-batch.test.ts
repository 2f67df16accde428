import { describe, expect, test } from 'vitest';
import { Packer, unpackBatch } from './packed-batch.ts';
import type { TaskOutcome } from './worker-protocol.ts';

const symbol = {
  name: 'größe😀',
  kind: 'method',
  parent: 'Outer.Inner',
  line: 3,
  column: 9,
  start_line: 2,
  end_line: 70_000,
  exported: true,
  signature: 'größe😀(): "\0\n"',
  doc: 'Says: “so”.',
  metadata: { static: true, decorators: ['@a("\\")'], visibility: 'protected' },
} as const;

const outcomes: TaskOutcome[] = [
  { vanished: true, path: 'gone.ts' },
  {
    parsed: {
      path: 'src/ä.ts',
      language: 'typescript',
      extractor_version: 4,
      hash: 'f'.repeat(64),
      lines: 12,
      has_errors: true,
      package: './',
      symbols: [
        { ...symbol, metadata: { ...symbol.metadata, decorators: ['@a("\\")'] } },
        // Nothing and an empty text are not the same; half of a surrogate pair stays what it is.
        { ...symbol, name: '', parent: '', exported: false, doc: null, metadata: {} },
        { ...symbol, name: '\ud83d', kind: 'function', parent: null, doc: '', metadata: {} },
      ],
      imports: [
        { specifier: './b', kind: 'side_effect', line: 1, names: [] },
        {
          specifier: '',
          kind: 'reexport',
          line: 2,
          names: [
            { name: 'a', alias: null },
            { name: '*', alias: 'all' },
          ],
        },
      ],
    },
  },
  { same: true, path: 'same.py' },
  { skipped: 'unreadable', path: 'locked.go', message: 'EACCES: permission denied' },
];

describe('a packed batch', () => {
  test('comes out of another thread as it went in', () => {
    const packer = new Packer();
    for (const outcome of outcomes) packer.add(outcome);
    expect(unpack(structuredClone(packer.take()))).toEqual(outcomes);
  });

  test('holds what was added since the last one', () => {
    const packer = new Packer();
    expect(unpack(packer.take())).toEqual([]);
    for (const outcome of outcomes) {
      packer.add(outcome);
      expect(unpack(packer.take())).toEqual([outcome]);
    }
  });

  test('is full after some thousand records', () => {
    const packer = new Packer();
    let files = 0;
    for (; !packer.isFull; files++) packer.add({ same: true, path: `${files}.ts` });
    expect(unpack(packer.take())).toHaveLength(files);
    expect(packer.isFull).toBe(false);
  });
});

function unpack(batch: Parameters<typeof unpackBatch>[0]): TaskOutcome[] {
  const unpacked: TaskOutcome[] = [];
  unpackBatch(batch, (outcome) => unpacked.push(outcome));
  return unpacked;
}
