import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUpBoard } from '../backup/back-up-board.ts';
import { initProject } from '../init-project.ts';
import { openDatabaseFile } from '../open-project.ts';
import type { Project } from '../project.ts';
import { listProjects } from '../registry/projects.ts';
import { writeLegacyDatabase } from '../testing/legacy-databases.ts';
import { type TemporaryFolder, temporaryFolder } from '../testing/temporary-folder.ts';
import { temporaryProject } from '../testing/temporary-project.ts';
import { type ExamineOptions, examineDatabase } from './examine-database.ts';

let place: TemporaryFolder;
let file: string;
beforeEach(() => {
  place = temporaryFolder();
  initProject(place.folder, { data_dir: place.data_dir });
  file = join(place.folder, '.codepakt', 'data.db');
});
afterEach(() => place[Symbol.dispose]());

/** All that is in the project's folder; SQLite counts its readers in -shm, which holds nothing else of worth. */
function snapshot(): unknown {
  const folder = dirname(file);
  return readdirSync(folder).map((name) => {
    const { mtimeMs, mode, size } = statSync(join(folder, name));
    const bytes = name.endsWith('-shm') ? '' : readFileSync(join(folder, name));
    return { name, mtimeMs, mode, size, hash: createHash('sha256').update(bytes).digest('hex') };
  });
}

/** Does something to the database by hand, around codepakt. */
function tamper(sql: string): void {
  const sqlite = new Sqlite(file);
  sqlite.pragma('foreign_keys = OFF');
  sqlite.exec(sql);
  sqlite.close();
}

/** What is found, having made sure that nothing was changed. */
function examine(options: ExamineOptions = {}) {
  const before = snapshot();
  const findings = examineDatabase(file, options);
  expect(snapshot()).toEqual(before);
  return findings;
}

describe('a board', () => {
  test('that is whole is said to be so', () => {
    expect(examine()).toEqual([
      {
        check: 'database',
        level: 'ok',
        message: expect.stringMatching(/whole: version \d+, SQLite 3/),
      },
    ]);
  });

  test('is looked at while somebody writes to it, with what stands only in its log', () => {
    using board = openDatabaseFile(file);
    board.tasks.create({ title: 'x' });
    expect(examine()).toMatchObject([{ level: 'ok' }]);
    // As a process leaves it that was killed: the other file that SQLite keeps is made anew from it.
    const copy = place.beside('data.db');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    expect(examineDatabase(copy)).toContainEqual(
      expect.objectContaining({ check: 'database', level: 'ok' }),
    );
    expect(readFileSync(`${copy}-wal`)).toEqual(readFileSync(`${file}-wal`));
  });

  test('with flipped bytes is damaged; the newest backup that is whole is named', () => {
    const [whole, changed, cut, foreign] = ['whole', 'changed', 'cut', 'foreign'].map((name) =>
      place.beside(`${name}.db`),
    ) as [string, string, string, string];
    {
      using board = openDatabaseFile(file);
      board.tasks.create({ title: 'Buy milk' });
      for (const backup of [whole, changed, cut]) backUpBoard(file, backup);
    }
    const sqlite = new Sqlite(changed);
    sqlite.exec("UPDATE tasks SET title = 'Buy silk'");
    sqlite.close();
    truncateSync(cut, 5_000);
    using other = temporaryProject();
    backUpBoard(other.project.file, foreign);
    const before = [whole, changed, cut, foreign].map((backup) => readFileSync(backup));

    const bytes = readFileSync(file);
    // Behind the first page, in which the table of tables is.
    for (let at = 4_096 + 8; at < bytes.length; at += 512) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    const [finding] = examine();
    expect(finding).toMatchObject({ check: 'database', level: 'error' });
    expect(finding?.message).toContain('damaged');
    expect(finding?.mend).toContain('.recover');
    const [id] = listProjects(place.data_dir).map((project) => project.id);
    const mendOf = (backups: string[], of = id) => examine({ backups, id: of })[0]?.mend;
    expect(mendOf([place.beside('gone.db'), changed, cut, foreign, whole])).toBe(
      `cpk restore ${whole}`,
    );
    expect(mendOf([changed, cut, foreign])).toContain('cpk board export');
    expect(mendOf([foreign], other.project.id)).toBe(`cpk restore ${foreign}`);
    expect([whole, changed, cut, foreign].map((backup) => readFileSync(backup))).toEqual(before);
  });

  test.for([
    ['task', "UPDATE tasks SET title = 'Buy thf milk' WHERE id = 1", 'T-001'],
    ['doc', "UPDATE docs SET body = 'Whx' WHERE title = 'Milk'", 'D-00'],
    ['note', "UPDATE task_notes SET body = 'nope' WHERE task_id = 1", 'T-001'],
    ['name of the project', "UPDATE projects SET name = 'x'", "project's name"],
    ['number of tasks', 'UPDATE task_counts SET count = count + 1', 'number of tasks'],
    ['time of a doc', "UPDATE docs SET updated_at = '2026-01-01T00:00:00.000Z'", 'D-00'],
    [
      'time of the project',
      "UPDATE projects SET created_at = '2026-01-01T'",
      "project's created_at",
    ],
  ] as const)(
    'of which a %s was changed around codepakt is not what its log tells',
    ([, sql, id]) => {
      {
        using board = openDatabaseFile(file);
        board.tasks.create({ title: 'Buy the milk' });
        board.tasks.note('T-001', { body: 'none' });
        board.docs.create({ type: 'learning', title: 'Milk', body: 'Why' });
      }
      tamper(sql);
      expect(examine()).toMatchObject([{ level: 'error', message: expect.stringContaining(id) }]);
    },
  );

  test('is whole when docs were deleted and brought back, and when it came from elsewhere', () => {
    const lines = () => {
      using board = openDatabaseFile(file);
      return [...board.board.export()];
    };
    {
      using board = openDatabaseFile(file);
      const { id } = board.docs.create({ type: 'learning', title: 'Milk', body: 'Why' });
      board.docs.update(id, { body: 'Because' });
      board.docs.delete(id);
      board.events.undo(board.events.lastId());
    }
    expect(examine()).toMatchObject([{ level: 'ok' }]);
    const other = join(place.folder, 'other');
    mkdirSync(other);
    initProject(other, { data_dir: place.data_dir });
    const imported = join(other, '.codepakt/data.db');
    {
      using board = openDatabaseFile(imported);
      board.board.import(lines());
    }
    expect(examineDatabase(imported)).toMatchObject([{ level: 'ok' }]);
  });

  /** Changes the log, which its guard does not let anybody do. */
  function forge(sql: string): void {
    tamper(`
      DROP TRIGGER events_keep;
      ${sql};
      CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END`);
  }

  test.for([
    ['time', "created_at = '2026-05-04T03:02:01.001Z'"],
    ['agent', "agent = 'bdb'"],
    ['text', `detail = replace(detail, 'milk', 'silk')`],
    ['action', "action = 'task_noted'"],
    ['version', 'version = 3'],
    ['task', 'task_id = NULL'],
  ] as const)(
    'of which the %s of an event was changed does not serve it, and the event is named',
    ([, change]) => {
      {
        using board = openDatabaseFile(file);
        board.tasks.create({ title: 'Buy milk' }, { agent: 'bob' });
        board.tasks.update('T-001', { title: 'Buy bread' });
      }
      forge(`UPDATE events SET ${change} WHERE id = 2`);
      expect(examine()).toMatchObject([
        { level: 'error', message: expect.stringContaining('event 2: not what was written') },
      ]);
      using board = openDatabaseFile(file);
      const damaged = expect.objectContaining({ code: 'database_damaged' });
      expect(() => board.events.list()).toThrow(damaged);
      expect(() => board.events.undo(2)).toThrow('event 2 is not what was written');
      expect(board.tasks.get('T-001').title).toBe('Buy bread');
    },
  );

  test('of which no backup is left is saved by an export into a new board, which says what was damaged', () => {
    {
      using board = openDatabaseFile(file);
      board.tasks.create({ title: 'Buy milk' });
      board.tasks.update('T-001', { title: 'Buy bread' });
    }
    forge("UPDATE tasks SET title = 'Buy breae'; UPDATE events SET agent = 'bdb' WHERE id = 2");
    const [finding] = examine();
    expect(finding?.mend).toContain('cpk board export');
    using board = openDatabaseFile(file);
    using saved = temporaryProject();
    saved.project.board.import(board.board.export());
    expect(saved.project.tasks.get('T-001').title).toBe('Buy breae');
    const events = saved.project.events.list({ task: 'T-001' }).items;
    expect(events.filter(({ detail }) => 'damaged' in detail)).toMatchObject([
      {
        action: 'task_created',
        agent: 'bdb',
        detail: { damaged: expect.stringContaining('milk') },
      },
    ]);
    expect(examineDatabase(saved.project.file)).toMatchObject([{ level: 'ok' }]);
  });

  test('of which an event from before checksums was changed is not what its log tells', () => {
    {
      using board = openDatabaseFile(file);
      board.tasks.create({ title: 'Buy milk' });
      board.tasks.update('T-001', { title: 'Buy bread' });
    }
    forge('UPDATE events SET checksum = NULL');
    expect(examine()).toMatchObject([{ level: 'ok' }]);
    // What the task was called before stands in its two events and nowhere else.
    forge(`UPDATE events SET detail = replace(detail, 'milk', 'silk') WHERE id = 2`);
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('T-001') },
    ]);
  });

  test('in which an answer for who asks again was changed gives it to nobody', () => {
    const ask = (board: Project) =>
      board.write(() => board.once('key-1', 'POST /tasks', () => ({ id: 'T-001' })));
    {
      using board = openDatabaseFile(file);
      expect(ask(board)).toEqual({ id: 'T-001' });
      expect(ask(board)).toEqual({ id: 'T-001' });
    }
    tamper(`UPDATE idempotency_keys SET response = '{"id":"T-009"}'`);
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('the answer to key-1') },
    ]);
    using board = openDatabaseFile(file);
    expect(() => ask(board)).toThrow('the answer to key-1 is not what was written');
  });

  test('is whole as it came, when it was imported from what somebody had made by hand', () => {
    let lines: string[] = [];
    {
      using board = openDatabaseFile(file);
      board.tasks.createBatch([{ title: 'Buy milk' }, { title: 'Bake' }]);
      lines = [...board.board.export()].map((line) =>
        line.startsWith('{"kind":"task","id":"T-001"') ? line.replace('milk', 'silk') : line,
      );
    }
    const other = join(place.folder, 'other');
    mkdirSync(other);
    initProject(other, { data_dir: place.data_dir });
    const imported = join(other, '.codepakt/data.db');
    {
      using board = openDatabaseFile(imported);
      board.board.import(lines);
      board.tasks.update('T-001', { title: 'Buy silk and milk' });
    }
    expect(examineDatabase(imported)).toMatchObject([{ level: 'ok' }]);
    const sqlite = new Sqlite(imported);
    sqlite.exec("UPDATE tasks SET title = 'Burn' WHERE id = 2");
    sqlite.close();
    expect(examineDatabase(imported)).toMatchObject([
      { level: 'error', message: expect.stringContaining('T-002') },
    ]);
  });

  test('that was cut off is damaged', () => {
    truncateSync(file, 3 * 4_096);
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('damaged') },
    ]);
  });

  test('in which rows refer to nothing is damaged', () => {
    tamper(
      "INSERT INTO task_notes (task_id, agent, body, created_at) VALUES (404, 'ada', 'x', '2026-01-01T00:00:00.000Z')",
    );
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('task_notes') },
    ]);
  });

  test('of a later codepakt', () => {
    tamper("INSERT INTO schema_version (version, applied_at) VALUES (99, '2030-01-01')");
    const [finding] = examine();
    expect(finding).toMatchObject({ level: 'error', mend: 'npm install --global codepakt@latest' });
    expect(finding?.message).toContain('version 99');
  });

  test('of codepakt 0.2', () => {
    rmSync(file);
    writeLegacyDatabase(file, 'v2');
    chmodSync(file, 0o600);
    expect(examine()).toMatchObject([
      { level: 'error', mend: 'cpk init', message: expect.stringContaining('0.1 or 0.2') },
    ]);
  });

  test('with a trigger that is not ours', () => {
    tamper('CREATE TRIGGER spy AFTER INSERT ON tasks BEGIN SELECT 1; END');
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('trigger spy') },
    ]);
  });

  test('with a trigger of ours that does something else', () => {
    tamper(
      'DROP TRIGGER events_stay; CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT 1; END',
    );
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('events_stay') },
    ]);
  });

  test('that lost a trigger of ours', () => {
    tamper('DROP TRIGGER events_stay');
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('lacks trigger events_stay') },
    ]);
  });

  test('whose newest event is yet to come: the clock is wrong', () => {
    const yesterday = Date.now() - 86_400_000;
    expect(examine({ now: yesterday })).toMatchObject([
      { level: 'ok' },
      { check: 'clock', level: 'warning', message: expect.stringMatching(/1440 min ahead/) },
    ]);
  });
});

describe('what is no board', () => {
  test('but somebody else’s database', () => {
    rmSync(file);
    tamper('CREATE TABLE diary (day TEXT)');
    chmodSync(file, 0o600);
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('not a database of codepakt') },
    ]);
  });

  test('nor a database', () => {
    writeFileSync(file, 'my diary, and no database at all\n'.repeat(40));
    expect(examine()).toMatchObject([
      { level: 'error', message: expect.stringContaining('not a database of codepakt') },
    ]);
  });

  test('or is empty', () => {
    writeFileSync(file, '');
    expect(examine()).toMatchObject([{ level: 'error', mend: 'cpk init' }]);
  });

  test('is not there: a backup is named', () => {
    const backup = place.beside('backup.db');
    backUpBoard(file, backup);
    rmSync(file);
    expect(examine()).toMatchObject([{ level: 'error', mend: 'cpk init' }]);
    expect(examine({ backups: [backup] })).toMatchObject([
      { level: 'error', mend: `cpk restore ${backup}` },
    ]);
  });

  test('is a folder', () => {
    rmSync(file);
    mkdirSync(file);
    expect(examineDatabase(file)).toMatchObject([
      { level: 'error', message: expect.stringContaining('no plain file') },
    ]);
  });
});

describe('rights', () => {
  test('of a board that is open to others', () => {
    chmodSync(file, 0o644);
    chmodSync(dirname(file), 0o755);
    expect(examine().filter(({ check }) => check === 'rights')).toEqual([
      expect.objectContaining({ level: 'warning', mend: `chmod 700 ${dirname(file)}` }),
      expect.objectContaining({ level: 'warning', mend: `chmod 600 ${file}` }),
    ]);
  });
});

test('a hosted board is looked at where it lies', () => {
  const hosted = place.beside('hosted');
  mkdirSync(hosted);
  renameSync(file, join(hosted, 'data.db'));
  chmodSync(hosted, 0o700);
  expect(examineDatabase(join(hosted, 'data.db'))).toMatchObject([{ level: 'ok' }]);
});
