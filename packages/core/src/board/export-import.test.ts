import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type BoardLine, boardLines, CodepaktError, check, type Status } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Project } from '../project.ts';
import { refusal } from '../testing/refusal.ts';
import { temporaryProject } from '../testing/temporary-project.ts';

describe('export and import', () => {
  test('a board comes back byte for byte, whatever happened on it', () => {
    fc.assert(
      fc.property(fc.array(randomAct(), { minLength: 1, maxLength: 60 }), (acts) => {
        using from = temporaryProject();
        using to = temporaryProject();
        // One transaction, so that the disk is not what is tested; the tick applies the leases.
        from.project.write(() => {
          for (const { on } of acts) {
            on(from.project);
            from.clock.advance(1);
          }
        });
        from.project.tick();
        const exported = [...from.project.board.export()];
        for (const line of exported) {
          const parsed = JSON.parse(line) as BoardLine;
          check(boardLines[parsed.kind], parsed);
        }
        to.project.board.import(exported);
        expect([...to.project.board.export()].join('\n')).toBe(exported.join('\n'));
        expect(to.project.board.status().counts).toEqual(from.project.board.status().counts);
        expect(everyTask(to.reopen({ clock: from.clock }))).toEqual(everyTask(from.project));
        expect(integrity(to.file)).toEqual(['ok', []]);
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  test('the same, read a bit at a time and put in place at once', async () => {
    const acts = fc.array(randomAct(), { minLength: 40, maxLength: 60 });
    const property = fc.asyncProperty(acts, async (done) => {
      using from = temporaryProject();
      using to = temporaryProject();
      from.project.write(() => {
        for (const { on } of done) {
          on(from.project);
          from.clock.advance(1);
        }
      });
      using copy = await from.project.board.copyToExport();
      const exported = [...copy.lines()];
      expect(exported).toEqual([...from.project.board.export()]);
      {
        using staged = await to.project.board.stage(exported);
        expect(to.project.board.isEmpty()).toBe(true);
        to.project.board.importStaged(staged);
      }
      expect([...to.project.board.export()]).toEqual(exported);
      expect(everyTask(to.reopen({ clock: from.clock }))).toEqual(everyTask(from.project));
      expect(to.project.tasks.list({ search: 'task', all: true }).items.length).toBe(
        from.project.tasks.list({ search: 'task', all: true }).items.length,
      );
      expect(integrity(to.file)).toEqual(['ok', []]);
      expect(draftsBeside(from.file)).toEqual([]);
      expect(draftsBeside(to.file)).toEqual([]);
    });
    await fc.assert(property, { numRuns: 8 });
  }, 30_000);

  test('a board that is still empty after an import takes another one', async () => {
    using from = temporaryProject();
    using to = temporaryProject();
    const empty = [...from.project.board.export()].map((line) =>
      line.startsWith('{"kind":"board"')
        ? line.replace(/"name":"[^"]*"/, '"name":"by hand"')
        : line,
    );
    from.project.tasks.create({ title: 'one' });
    const lines = [...from.project.board.export()];
    for (const next of [empty, empty, lines]) {
      using staged = await to.project.board.stage(next);
      to.project.board.importStaged(staged);
    }
    expect([...to.project.board.export()]).toEqual(lines);
    const sqlite = new Sqlite(to.file, { readonly: true });
    expect(sqlite.prepare('SELECT * FROM metadata').all()).toEqual([]);
    sqlite.close();
  });

  test('a large board leaves others their turn while it goes out and comes in', async () => {
    using from = temporaryProject();
    using to = temporaryProject();
    const { tasks } = from.project;
    const batch = Array.from({ length: 1_000 }, (_, n) => ({
      title: `task ${n}`,
      description: 'word '.repeat(500),
    }));
    tasks.createBatch(batch);
    let turns = 0;
    let isOver = false;
    const takeTurn = () => {
      if (isOver) return;
      turns += 1;
      // What is written meanwhile is in the copy or is not, but is never half of it.
      from.project.write(() => [tasks.create({ title: 'a' }), tasks.create({ title: 'b' })]);
      setImmediate(takeTurn);
    };
    setImmediate(takeTurn);
    using copy = await from.project.board.copyToExport();
    const turnsOfExport = turns;
    const exported = [...copy.lines()];
    using staged = await to.project.board.stage(exported);
    isOver = true;
    expect(turnsOfExport).toBeGreaterThan(3);
    expect(turns - turnsOfExport).toBeGreaterThan(2);
    expect(to.project.board.importStaged(staged).tasks % 2).toBe(0);
  });

  test('an export comes to its end although another process writes without a pause', async () => {
    using from = temporaryProject();
    const description = 'word '.repeat(1_000);
    from.project.tasks.createBatch(
      Array.from({ length: 500 }, () => ({ title: 'a', description })),
    );
    const other = from.reopen();
    let isOver = false;
    const write = () => {
      if (isOver) return;
      other.tasks.create({ title: 'b' });
      setImmediate(write);
    };
    setImmediate(write);
    using copy = await from.project.board.copyToExport();
    isOver = true;
    expect([...copy.lines()].at(-1)).toContain('"kind":"end"');
  });

  test('a board that got something while another was staged for it is left as it is', async () => {
    using from = temporaryProject();
    using to = temporaryProject();
    from.project.tasks.create({ title: 'x' });
    using staged = await to.project.board.stage(from.project.board.export());
    to.project.tasks.create({ title: 'own' });
    expect(refusal(() => to.project.board.importStaged(staged)).code).toBe('board_not_empty');
    expect(refusal(() => to.project.board.importStaged(undefined)).code).toBe('board_not_empty');
    expect(to.project.tasks.list().items).toMatchObject([{ title: 'own' }]);
    const cutOff = [...from.project.board.export()].slice(0, -1);
    await expect(to.project.board.stage(cutOff)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(draftsBeside(to.file)).toEqual([]);
  });

  test('an imported board goes on where the other was: numbers, claims, leases, search, undo, guards', () => {
    using from = temporaryProject();
    using to = temporaryProject();
    const { tasks, docs } = from.project;
    tasks.createBatch([
      { key: 'a', title: 'first' },
      { key: 'b', title: 'second', depends_on: ['a'] },
    ]);
    const { task } = tasks.pickUp({ agent: 'ada', lease: 60 });
    docs.create({ type: 'learning', title: 'Gone', body: 'x' });
    docs.delete('D-001');
    to.project.board.import(from.project.board.export());

    const board = to.project;
    expect(board.docs.create({ type: 'learning', title: 'Next', body: 'y' }).id).toBe('D-002');
    expect(board.tasks.create({ title: 'third' }).id).toBe('T-003');
    expect(board.tasks.list({ search: 'second', all: true }).items).toHaveLength(1);
    expect(board.tasks.get('T-001')).toMatchObject({
      claim: 1,
      lease_expires_at: task?.lease_expires_at,
    });
    expect(() => board.tasks.done('T-001', { agent: 'bob' })).toThrow('ada');
    expect(board.tasks.done('T-001', { agent: 'ada', claim: 1 }).opened).toEqual(['T-002']);
    expect(() => deleteEvents(to.file)).toThrow('append-only');
  });

  test('an export is one moment, however long its reader takes', () => {
    using from = temporaryProject();
    const { project } = from;
    project.tasks.create({ title: 'first' });
    const lines = project.board.export()[Symbol.iterator]();
    const exported = [lines.next().value];
    project.tasks.create({ title: 'second' });
    for (let next = lines.next(); next.done !== true; next = lines.next())
      exported.push(next.value);
    expect(JSON.parse(exported.at(-1) ?? '')).toMatchObject({ kind: 'end', tasks: 1, events: 2 });
  });

  test('a reader that leaves in the middle holds nothing up', () => {
    using from = temporaryProject();
    from.project.tasks.create({ title: 'first' });
    for (const line of from.project.board.export()) {
      expect(line).toContain('"kind":"board"');
      break;
    }
    from.project.tasks.create({ title: 'second' });
    from.project.checkpoint();
    expect(from.reopen().tasks.list().items).toHaveLength(2);
  });

  test('a board that holds anything is left as it is', () => {
    using from = temporaryProject();
    const exported = [...from.project.board.export()];
    for (const fill of [
      (project: Project) => project.tasks.create({ title: 'x' }),
      (project: Project) => {
        project.docs.create({ type: 'learning', title: 'x', body: 'x' });
        project.docs.delete('D-001');
      },
    ]) {
      using to = temporaryProject();
      fill(to.project);
      const before = [...to.project.board.export()];
      expect(refusal(() => to.project.board.import(exported)).code).toBe('board_not_empty');
      expect([...to.project.board.export()]).toEqual(before);
    }
  });
});

describe('an imported log that says what cannot be', () => {
  test.each<[string, (lines: string[]) => string[], number]>([
    ['of a status', edit(8, '"status":[null,"open"]', '"status":["x","open"]'), 2],
    ['of tags', edit(8, '"status":[null,"open"]', '"tags":[5,[]]'), 2],
    ['of dependencies', edit(8, '"status":[null,"open"]', '"depends_on":["T-001",[]]'), 2],
    ['of the project', edit(7, '"name":[null,"test"]', '"settings":[{"lease_seconds":-1},{}]'), 1],
  ])('%s: undoing it is refused, and changes nothing', (_, spoil, event) => {
    using from = temporaryProject();
    using to = temporaryProject();
    const acts = (lines: string[]) =>
      lines.map((line) =>
        line
          .replace('"task_created"', '"task_updated"')
          .replace('"project_created"', '"project_updated"'),
      );
    to.project.board.import(acts(spoil(smallBoard(from.project))));
    const before = [...to.project.board.export()];
    expect(['undo_refused', 'invalid_input']).toContain(
      refusal(() => to.project.events.undo(event)).code,
    );
    expect([...to.project.board.export()]).toEqual(before);
  });
});

describe('a file that is not a whole board', () => {
  test.each<[string, (lines: string[]) => string[], number, string]>([
    ['is cut off', (lines) => lines.slice(0, -1), 11, 'invalid_input'],
    [
      'is cut off within a line',
      (lines) => lines.map((line, n) => (n === 4 ? line.slice(0, 30) : line)),
      5,
      'malformed_body',
    ],
    ['lacks a line', (lines) => lines.filter((_, n) => n !== 4), 11, 'invalid_input'],
    [
      'has a line twice',
      (lines) => lines.flatMap((line, n) => (n === 7 ? [line, line] : [line])),
      9,
      'invalid_input',
    ],
    [
      'has its lines in another order',
      (lines) => [...lines.slice(1), ...lines.slice(0, 1)],
      1,
      'invalid_input',
    ],
    ['goes on after its end', (lines) => [...lines, ...lines], 13, 'invalid_input'],
    ['is of a later format', edit(1, '"format":1', '"format":2'), 1, 'invalid_input'],
    ['has a line of another kind', edit(3, '"kind":"task"', '"kind":"chore"'), 3, 'invalid_input'],
    [
      'has an unknown field',
      edit(3, '"kind":"task"', '"kind":"task","colour":"red"'),
      3,
      'invalid_input',
    ],
    ['lacks a field', edit(3, '"title":"first",', ''), 3, 'invalid_input'],
    ['has a wrong word', edit(3, '"status":"open"', '"status":"opened"'), 3, 'invalid_input'],
    ['has a wrong type', edit(3, '"claim":0', '"claim":"0"'), 3, 'invalid_input'],
    ['has an id of its own making', edit(3, '"id":"T-001"', '"id":"T-0001"'), 3, 'invalid_input'],
    // As texts such times come after any of ours: a lease would never run out.
    [
      'has a time in another form',
      edit(
        3,
        '"updated_at":"2026-01-01T00:00:00.000Z"',
        '"updated_at":"2026-01-01T02:00:00+02:00"',
      ),
      3,
      'invalid_input',
    ],
    ['has a NUL in a text', edit(3, '"title":"first"', '"title":"a\\u0000b"'), 3, 'invalid_input'],
    [
      'depends on what is not in it',
      edit(4, '"depends_on":["T-001"]', '"depends_on":["T-009"]'),
      4,
      'invalid_input',
    ],
    [
      'has a circle in it',
      edit(3, '"depends_on":[]', '"depends_on":["T-002"]'),
      4,
      'circular_dependency',
    ],
    [
      'has an open task that waits',
      edit(4, '"status":"backlog"', '"status":"open"'),
      4,
      'invalid_input',
    ],
    [
      'has a lease on what nobody holds',
      edit(3, '"lease_seconds":null', '"lease_seconds":5'),
      3,
      'invalid_input',
    ],
    [
      'has a lease that no project can have',
      edit(1, '"settings":{}', '"settings":{"lease_seconds":"x"}'),
      1,
      'invalid_input',
    ],
    ['has a number too high', edit(1, '"last_doc":1', '"last_doc":1e300'), 1, 'invalid_input'],
    ['has a task too high', edit(4, '"id":"T-002"', '"id":"T-1000000000000"'), 4, 'invalid_input'],
    ['has an event too high', edit(11, '"id":5', '"id":9007199254740992'), 11, 'invalid_input'],
    [
      'tells of what is no task',
      edit(8, '"task_id":"T-001"', '"task_id":"T-1"'),
      8,
      'invalid_input',
    ],
    ['has a time that is none', edit(5, '.000Z"', '.000Z[u-ca=hebrew]"'), 5, 'invalid_input'],
    [
      'has a note on no task',
      edit(5, '"task_id":"T-001"', '"task_id":"T-009"'),
      5,
      'invalid_input',
    ],
    [
      'counts otherwise',
      (lines) => edit(lines.length, '"notes":1', '"notes":2')(lines),
      12,
      'invalid_input',
    ],
  ])('%s: refused, naming the line, and nothing is written', (_, spoil, line, code) => {
    using from = temporaryProject();
    using to = temporaryProject();
    const lines = spoil(smallBoard(from.project));
    const before = [...to.project.board.export()];
    const error = refusal(() => to.project.board.import(lines));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`line ${line}: `);
    expect([...to.project.board.export()]).toEqual(before);
    expect(() => deleteEvents(to.file)).toThrow('append-only');
  });

  test('is empty: that is what is said', () => {
    using to = temporaryProject();
    for (const lines of [[], ['', ' ']]) {
      const { code, message } = refusal(() => to.project.board.import(lines));
      expect([code, message]).toEqual(['invalid_input', 'what is to be imported is empty']);
    }
  });
});

/** Twelve lines: the board, an agent, two tasks, a note, a doc, five events, the end. */
function smallBoard({ tasks, docs, agents, board }: Project): string[] {
  tasks.createBatch([
    { key: 'a', title: 'first' },
    { key: 'b', title: 'second', depends_on: ['a'] },
  ]);
  tasks.note('T-001', { body: 'a note' });
  docs.create({ type: 'learning', title: 'A doc', body: 'text' });
  agents.touch('ada');
  return [...board.export()];
}

/** Changes the line with this number; the text must be in it. */
function edit(number: number, from: string, to: string): (lines: string[]) => string[] {
  return (lines) =>
    lines.map((line, index) => {
      if (index !== number - 1) return line;
      expect(line).toContain(from);
      return line.replace(from, () => to);
    });
}

function everyTask({ tasks }: Project) {
  return tasks.list({ all: true, limit: 500 }).items;
}

function integrity(file: string): [unknown, unknown] {
  const sqlite = new Sqlite(file);
  try {
    return [sqlite.pragma('integrity_check', { simple: true }), sqlite.pragma('foreign_key_check')];
  } finally {
    sqlite.close();
  }
}

function deleteEvents(file: string): void {
  const sqlite = new Sqlite(file);
  try {
    sqlite.exec('DELETE FROM events');
  } finally {
    sqlite.close();
  }
}

/** One thing that somebody might do; refused where the board does not allow it. */
interface Act {
  what: string;
  input: unknown;
  on(project: Project): void;
}

function act<T>(
  what: string,
  inputs: fc.Arbitrary<T>,
  work: (project: Project, input: T) => unknown,
): fc.Arbitrary<Act> {
  return inputs.map((input) => ({
    what,
    input,
    on: (project) => {
      try {
        work(project, input);
      } catch (error) {
        if (!(error instanceof CodepaktError)) throw error;
      }
    },
  }));
}

/** Acts of people and agents on one small board, good and bad ones, with texts that attack. */
function randomAct(): fc.Arbitrary<Act> {
  const attacks = [
    "'; DROP TABLE tasks; --",
    '"quoted" \\ back\\slash',
    'line\nbreak\r\n\ttab',
    '\u2028\u2029\u0085\ufeff',
    '\u0001\u001b[31m\u007f',
    '😀👩‍👩‍👧‍👦e\u0301',
    '\u202eright to left',
    '<script>alert(1)</script>&amp;',
    '{"kind":"end"}',
    '__proto__',
    'null',
    '0',
  ];
  const text = (maxLength: number) =>
    fc
      .oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 40 }))
      .map((value) => value.toWellFormed().replaceAll('\0', ''))
      .map((value) => [...`${/\S/.test(value) ? '' : 'x'}${value}`].slice(0, maxLength).join(''));
  const { tuple, record, array, constantFrom, option, boolean, integer } = fc;
  const agent = constantFrom('ada', 'bob', undefined);
  const task = integer({ min: 1, max: 12 }).map((n) => `T-${n}`);
  const doc = integer({ min: 1, max: 5 }).map((n) => `D-${n}`);
  const labels = array(text(100), { maxLength: 3 });
  const on = array(task, { maxLength: 3 });
  const status = constantFrom<Status>(
    'backlog',
    'open',
    'in-progress',
    'review',
    'done',
    'blocked',
  );
  const settings = record({ lease_seconds: integer({ min: 0, max: 99 }) });
  return fc.oneof(
    act(
      'create',
      record({
        title: text(200),
        description: text(500),
        depends_on: on,
        tags: labels,
        touches: labels,
        hold: boolean(),
      }),
      (board, input) => board.tasks.create(input),
    ),
    act('create', record({ title: text(200), depends_on: on }), (board, input) =>
      board.tasks.create(input),
    ),
    act(
      'pick up',
      tuple(constantFrom('ada', 'bob'), constantFrom(0, 1, 7_200)),
      (board, [name, lease]) => board.tasks.pickUp({ agent: name, lease }),
    ),
    act('done', tuple(task, agent, text(100)), (board, [id, name, note]) =>
      board.tasks.done(id, { agent: name, note }),
    ),
    act('approve', tuple(task, agent), (board, [id, name]) =>
      board.tasks.approve(id, { agent: name }),
    ),
    act('note', tuple(task, agent, text(100)), (board, [id, name, body]) =>
      board.tasks.note(id, { agent: name, body }),
    ),
    act(
      'update',
      tuple(
        task,
        record(
          { status, title: text(200), epic: option(text(100)), depends_on: on },
          { requiredKeys: [] },
        ),
      ),
      (board, [id, patch]) => board.tasks.update(id, patch),
    ),
    act(
      'write doc',
      record({
        type: constantFrom('decision', 'learning'),
        title: text(200),
        body: text(2_000),
        tags: labels,
      }),
      (board, input) => board.docs.create(input),
    ),
    act('change doc', tuple(doc, text(500), agent), (board, [id, body, name]) =>
      board.docs.update(id, { body }, { agent: name }),
    ),
    act('delete doc', tuple(doc, agent), (board, [id, name]) =>
      board.docs.delete(id, { agent: name }),
    ),
    act('undo', integer({ min: 1, max: 40 }), (board, id) => board.events.undo(id)),
    act(
      'change project',
      record({ name: text(100), description: option(text(300)), settings }, { requiredKeys: [] }),
      (board, patch) => board.update(patch),
    ),
  );
}

function draftsBeside(file: string): string[] {
  return readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.new-`));
}
