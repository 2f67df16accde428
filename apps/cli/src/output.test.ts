import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Event } from '@codepakt/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showEvents } from './human/event.ts';
import { neutralize } from './human/neutralize.ts';
import { cut, showTable } from './human/table.ts';
import { showTime } from './human/time.ts';
import { chooseMode, toJson } from './output.ts';
import { terse } from './terse.ts';
import { Workbench } from './testing/workbench.ts';

test('terse leaves out what is null or empty, at every depth, and nothing else', () => {
  expect(
    terse({ a: null, b: '', c: [], d: {}, e: { f: null }, g: 0, h: false, i: [{ j: null, k: 1 }] }),
  ).toEqual({ g: 0, h: false, i: [{ k: 1 }] });
});

test('JSON is one line, and holds nothing that steers a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = toJson({ text });
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(JSON.parse(line)).toEqual({ text });
    }),
  );
});

test('no text for people holds anything that steers a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { [Object.keys({ text })[0] ?? '']: shown } = neutralize<Record<string, string>>({
        text,
      });
      expect(shown).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\u200e\u200f]/u);
    }),
  );
  expect(neutralize('\u001b[31mred\u001b]0;title\u0007')).toBe('␛[31mred␛]0;title␇');
  expect(neutralize({ 'a\u001b': ['b\r\nc\rd'] })).toEqual({ 'a␛': ['b\nc␍d'] });
});

describe('the form of output', () => {
  const none = {};
  test.each([
    ['flags go before all', { human: true }, { CPK_OUTPUT: 'json', CPK_AGENT: 'a' }, 'human'],
    ['then CPK_OUTPUT', none, { CPK_OUTPUT: 'human', CPK_AGENT: 'a' }, 'human'],
    ['an agent gets JSON', none, { CPK_AGENT: 'a' }, 'json'],
  ] as const)('%s', (_, flags, env, mode) => {
    expect(chooseMode(flags, env)).toBe(mode);
  });

  test('contradictions and unknown words are refused', () => {
    expect(() => chooseMode({ json: true, human: true }, {})).toThrow('exclude each other');
    expect(() => chooseMode({}, { CPK_OUTPUT: 'xml' })).toThrow('must be json or human');
  });
});

// Only Linux has this device, on which nothing ever fits.
describe.runIf(process.platform === 'linux')('on a full disk', () => {
  async function run(word: string, descriptor: 1 | 2) {
    await using bench = await Workbench.open();
    const [command = '', ...rest] = bench.commandLine([word, '--json']).split(' ');
    const stdio: (number | 'pipe')[] = ['pipe', 'pipe', 'pipe'];
    stdio[descriptor] = openSync('/dev/full', 'w');
    const ran = spawnSync(command, rest, { env: bench.env, stdio, encoding: 'utf8' });
    closeSync(stdio[descriptor]);
    return ran;
  }

  test('output that cannot be written is told as that', async () => {
    const { status, stderr } = await run('--version', 1);
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: 'disk_full' });
  });

  test('an error that cannot be told still has its exit code', async () => {
    expect((await run('no-such-command', 2)).status).toBe(2);
  });
});

/** As if stdout were a terminal so wide. */
function terminalOf(columns: number): Disposable {
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns');
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true });
  return {
    [Symbol.dispose]: () => {
      Object.defineProperty(
        process.stdout,
        'columns',
        before ?? { value: undefined, configurable: true },
      );
    },
  };
}

describe('tables', () => {
  test('columns are aligned by what a terminal shows, and empty ones are left out', () => {
    const rows = [
      { id: 'T-001', title: 'short', epic: '' },
      { id: 'T-1000', title: '漢字 and 😀', epic: '' },
    ];
    const text = showTable(rows, [
      { head: 'id', cell: (row) => row.id },
      { head: 'epic', cell: (row) => row.epic },
      { head: 'title', cell: (row) => row.title },
      { head: 'end', cell: () => '|' },
    ]);
    expect(text.split('\n')).toEqual([
      'id      title        end',
      'T-001   short        |',
      'T-1000  漢字 and 😀  |',
    ]);
  });

  test('in a narrow terminal long columns give way: texts first, names next, and nothing else', () => {
    const row = {
      id: 'x'.repeat(20),
      title: 't'.repeat(90),
      body: 'b'.repeat(500),
      name: 'n'.repeat(33),
    };
    const widthsAt = (columns: number) => {
      using _terminal = terminalOf(columns);
      const text = showTable(
        [row],
        [
          { head: 'id', cell: ({ id }) => id },
          { head: 'title', cell: ({ title }) => title, flexible: true },
          { head: 'body', cell: ({ body }) => body, flexible: true },
          { head: 'name', cell: ({ name }) => name, cuttable: true },
        ],
      );
      return text
        .split('\n')[1]
        ?.split('  ')
        .map((cell) => cell.length);
    };
    expect(widthsAt(200)).toEqual([20, 70, 71, 33]);
    expect(widthsAt(104)).toEqual([20, 24, 24, 30]);
    expect(widthsAt(80)).toEqual([20, 21, 21, 12]);
    // Less than a word of each would tell nothing.
    expect(widthsAt(40)).toEqual([20, 8, 8, 8]);
  });

  test('the log fits into 60 columns', () => {
    using _terminal = terminalOf(60);
    const event: Event = {
      id: 4711,
      task_id: 'T-001',
      doc_id: null,
      agent: 'claude-backend-1',
      action: 'task_complete',
      version: 2,
      detail: { note: 'n'.repeat(500) },
      created_at: '2026-01-31T12:00:00.000Z',
    };
    for (const line of showEvents([event]).split('\n')) {
      expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(60);
    }
  });

  test('a line break in a cell does not break the table', () => {
    expect(showTable([{ a: 'x\ny' }], [{ head: 'a', cell: (row) => row.a }])).toContain('x y');
  });

  test('cutting counts what a terminal shows', () => {
    expect(cut('漢字漢字', 5)).toBe('漢字…');
    expect(cut('abc', 3)).toBe('abc');
  });
});

test('times are told from now', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(showTime('2025-12-31T23:59:00Z', now)).toBe('60s ago');
  expect(showTime('2025-12-31T23:00:00Z', now)).toBe('60m ago');
  expect(showTime('2026-01-03T00:00:00Z', now)).toBe('in 2d');
  expect(showTime('2026-01-01T00:00:00.100Z', now)).toBe('now');
});
