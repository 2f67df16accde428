import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS, NEWEST_VERSION } from '../database/migrations.ts';
import { examineDatabase } from '../doctor/examine-database.ts';
import { initProject } from '../init-project.ts';
import { openDatabaseFile } from '../open-project.ts';
import type { Project } from '../project.ts';
import { writeLegacyDatabase } from '../testing/legacy-databases.ts';
import { writeOlderBoard } from '../testing/older-board.ts';
import { refusal } from '../testing/refusal.ts';
import { type TemporaryFolder, temporaryFolder } from '../testing/temporary-folder.ts';
import { backUpBoard } from './back-up-board.ts';
import { backupFolder, backupName, listBackups, pruneBackups } from './backup-folder.ts';
import { type RestoreOptions, restoreBoard } from './restore-board.ts';

interface Board extends TemporaryFolder {
  id: string;
  database: string;
  open(): Project;
  /** Nobody has it open any more: no WAL is left. */
  close(): void;
  backUp(name?: string): string;
  restore(source: string, options?: Partial<RestoreOptions>): ReturnType<typeof restoreBoard>;
}

/** A project with one task, and what is done to its file. */
function board(): Board {
  const folder = temporaryFolder();
  const { id } = initProject(folder.folder, { data_dir: folder.data_dir, name: 'shop' }).project;
  const database = join(folder.folder, '.codepakt', 'data.db');
  const opened: Project[] = [];
  const open = () => {
    const project = openDatabaseFile(database);
    opened.push(project);
    return project;
  };
  open().tasks.create({ title: 'one' });
  return {
    ...folder,
    id,
    database,
    open,
    close: () => {
      for (const project of opened.splice(0)) project.close();
    },
    backUp: (name = 'copy.db') => backUpBoard(database, folder.beside(name)).file,
    restore: (source, options = {}) =>
      restoreBoard({ source, database, id, keep_as: folder.beside('kept.db'), ...options }),
    [Symbol.dispose]: () => {
      for (const project of opened) project.close();
      folder[Symbol.dispose]();
    },
  };
}

function titles(file: string): unknown[] {
  const db = new Sqlite(file, { readonly: true });
  try {
    return db.prepare('SELECT title FROM tasks ORDER BY id').pluck().all();
  } finally {
    db.close();
  }
}

describe('a backup', () => {
  test('is a whole board that only its owner may read, made while others write', () => {
    using shop = board();
    const project = shop.open();
    project.tasks.create({ title: 'not in the database file yet, but in its WAL' });
    const copy = backUpBoard(shop.database, shop.beside('copy.db'));
    expect(copy).toMatchObject({ project: { id: shop.id, name: 'shop' }, tasks: 2, docs: 0 });
    expect(copy.last_event_id).toBe(project.events.lastId());
    expect(statSync(copy.file).mode & 0o777).toBe(0o600);
    expect(titles(copy.file)).toHaveLength(2);
    expect(readdirSync(shop.beside('.')).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('takes no name that is taken, unless it is told to, and never that of a database', () => {
    using shop = board();
    const copy = shop.backUp();
    expect(refusal(() => shop.backUp())).toMatchObject({ code: 'wrong_usage' });
    shop.open().tasks.create({ title: 'two' });
    expect(backUpBoard(shop.database, copy, { replace: true }).tasks).toBe(2);
    expect(
      refusal(() => backUpBoard(shop.database, shop.database, { replace: true })).message,
    ).toContain('no place for a backup');
    expect(refusal(() => backUpBoard(shop.database, shop.beside('none/x.db')))).toMatchObject({
      code: 'file_not_found',
    });
  });

  test('clears away what killed ones left, and nothing else that is named like it', () => {
    using shop = board();
    const folder = shop.beside('out');
    mkdirSync(folder);
    const id = 'b3c1f6de-2d57-4bd0-9f6e-0c6d6f7f1f11';
    const drafts = [`${backupName('backup', new Date(0))}.new-${id}`, `shop.db.new-${id}-journal`];
    const others = ['shop.db.new-year-photos', `mine.db.new-${id}`, `shop.db.new-${id}.txt`];
    const young = `shop.db.new-${id}`;
    for (const name of [...drafts, ...others, young]) writeFileSync(join(folder, name), 'x');
    for (const name of [...drafts, ...others]) utimesSync(join(folder, name), 0, 0);
    shop.backUp('out/shop.db');
    expect(readdirSync(folder).sort()).toEqual([...others, young, 'shop.db'].sort());
  });

  test('replaces no link and no device', () => {
    using shop = board();
    const link = shop.beside('link.db');
    for (const leadsTo of [shop.beside('nowhere.db'), shop.backUp()]) {
      rmSync(link, { force: true });
      symlinkSync(leadsTo, link);
      expect(refusal(() => backUpBoard(shop.database, link, { replace: true }))).toMatchObject({
        code: 'wrong_usage',
        message: expect.stringContaining('no plain file'),
      });
      expect(readlinkSync(link)).toBe(leadsTo);
    }
  });

  test('of a board whose database is not there says so', () => {
    using shop = board();
    shop.close();
    rmSync(shop.database);
    expect(refusal(() => shop.backUp())).toMatchObject({
      code: 'project_not_found',
      message: `${shop.database} is not there`,
    });
    expect(existsSync(shop.database)).toBe(false);
  });

  test('of a damaged board is refused, and leaves no file', () => {
    using shop = board();
    using other = board();
    other.close();
    spoil(other.database);
    const target = shop.beside('copy.db');
    expect(refusal(() => backUpBoard(other.database, target)).code).toBe('database_damaged');
    expect(existsSync(target)).toBe(false);
  });

  test('of a board that is not what its log tells is refused, and made when that is asked for', () => {
    using shop = board();
    run(shop.database, "UPDATE tasks SET title = 'onf'");
    expect(refusal(() => shop.backUp())).toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining(`${shop.database}: T-001: not what the log`),
      hint: expect.stringContaining('cpk doctor'),
    });
    expect(existsSync(shop.beside('copy.db'))).toBe(false);
    const { file } = backUpBoard(shop.database, shop.beside('copy.db'), { even_changed: true });
    expect(titles(file)).toEqual(['onf']);
  });

  test('is listed with those before migrations; pruning leaves what nobody asked for', () => {
    using shop = board();
    const { data_dir, id, database } = shop;
    const folder = backupFolder(data_dir, id);
    expect(listBackups(data_dir, id, database)).toEqual([]);
    mkdirSync(folder, { recursive: true });
    const days = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 0, day)));
    for (const day of days) backUpBoard(database, join(folder, backupName('backup', day)));
    backUpBoard(database, join(folder, backupName('restore', days[0] ?? new Date(0))));
    copyFileSync(database, `${database}.v2-20260101T000000000Z.bak`);
    writeFileSync(join(folder, 'mine.txt'), '');
    const listed = listBackups(data_dir, id, database).map(({ why }) => why);
    expect(listed.sort()).toEqual(['backup', 'backup', 'backup', 'restore', 'v2']);
    expect(pruneBackups(data_dir, id, 1)).toHaveLength(2);
    expect(readdirSync(folder).sort()).toEqual([
      '2026-01-01T00-00-00-000Z-restore.db',
      '2026-01-03T00-00-00-000Z-backup.db',
      'mine.txt',
    ]);
  });
});

describe('a backup takes the place of', () => {
  test('a board that others have open: they go on with it, and what was there is kept', async () => {
    using shop = board();
    const copy = shop.backUp();
    const project = shop.open();
    project.tasks.create({ title: 'later' });
    const last = project.events.lastId();
    const restored = await shop.restore(copy);
    expect(restored).toMatchObject({ tasks: 1, kept: shop.beside('kept.db') });
    expect(titles(shop.beside('kept.db'))).toEqual(['one', 'later']);
    expect(project.tasks.list().items.map(({ title }) => title)).toEqual(['one']);
    // Who follows the log from where it was is told.
    const [event] = project.events.after(last, {}, 10);
    expect(event).toMatchObject({ action: 'board_restored', detail: { from: 'copy.db' } });
    expect(project.lastRestore()).toBe(event?.id);
    expect(project.tasks.create({ title: 'two' }).id).toBe('T-002');
    expect(refusal(() => project.events.undo(event?.id ?? 0)).code).toBe('undo_refused');
  });

  test('a board when it is a database that somebody has open, with what only its WAL holds', async () => {
    using shop = board();
    using other = board();
    const project = other.open();
    project.tasks.create({ title: 'in the WAL' });
    await shop.restore(other.database, { force: true });
    expect(titles(shop.database)).toEqual(['one', 'in the WAL']);
    expect(project.tasks.create({ title: 'goes on' }).id).toBe('T-003');
  });

  test('nothing: the board is made of it', async () => {
    using shop = board();
    const copy = shop.backUp();
    chmodSync(copy, 0o644);
    const database = shop.beside('new/data.db');
    const restored = await restoreBoard({ source: copy, database, keep_as: shop.beside('kept') });
    expect(restored.kept).toBeUndefined();
    expect(titles(database)).toEqual(['one']);
    expect(statSync(database).mode & 0o777).toBe(0o600);
  });

  test.each<[string, (file: string) => void]>([
    ['damaged', spoil],
    ['cut off', (file) => truncateSync(file, 5_000)],
    ['empty', (file) => truncateSync(file, 0)],
    ['no database', (file) => writeFileSync(file, 'x'.repeat(9_000))],
    ['newer', (file) => run(file, "INSERT INTO schema_version VALUES (99, '')")],
    ['changed by somebody', (file) => run(file, 'CREATE VIEW v AS SELECT 1')],
  ])('a file that is %s, which is put aside as it is', async (_, harm) => {
    using shop = board();
    const copy = shop.backUp();
    shop.close();
    harm(shop.database);
    const before = readFileSync(shop.database);
    let isLetGo = false;
    const letGo = async () => {
      isLetGo = true;
    };
    const { kept } = await shop.restore(copy, { letGo });
    expect(isLetGo).toBe(true);
    // But for the header, which says that nobody had it open.
    expect(readFileSync(kept ?? '').subarray(100)).toEqual(before.subarray(100));
    expect(listBackups(shop.data_dir, shop.id, shop.database)).toMatchObject([
      { file: kept, why: 'replaced' },
    ]);
    expect(shop.open().tasks.create({ title: 'two' }).id).toBe('T-002');
  });

  test.each(MIGRATIONS.filter(({ version }) => version < NEWEST_VERSION))(
    'a board also when it has version $version: it is found whole, and brought to the newest',
    async ({ version }) => {
      using shop = board();
      shop.close();
      const source = shop.beside('old.db');
      writeOlderBoard(source, { id: shop.id, version });
      expect(examineDatabase(source)).toContainEqual(
        expect.objectContaining({
          level: 'ok',
          message: expect.stringContaining(`is whole: version ${version}`),
        }),
      );
      await shop.restore(source);
      const project = shop.open();
      expect(project.tasks.pickUp({ agent: 'a' }).task?.title).toBe('old');
      shop.close();
      expect(examineDatabase(shop.database)).toContainEqual(
        expect.objectContaining({
          level: 'ok',
          message: expect.stringContaining(`is whole: version ${NEWEST_VERSION}`),
        }),
      );
    },
  );

  test('a board of another project only when that is asked for, under the id of the place', async () => {
    using shop = board();
    using other = board();
    const copy = other.backUp();
    await expect(shop.restore(copy)).rejects.toMatchObject({ code: 'database_foreign' });
    expect((await shop.restore(copy, { force: true })).project.id).toBe(shop.id);
    expect(shop.open().id).toBe(shop.id);
  });
});

test('a board of codepakt 0.2 is not backed up, but put aside by a restore', async () => {
  using shop = board();
  const copy = shop.backUp();
  shop.close();
  rmSync(shop.database);
  writeLegacyDatabase(shop.database, 'v2');
  expect(refusal(() => shop.backUp('second.db')).message).toContain('0.1 or 0.2');
  expect((await shop.restore(copy)).kept).toContain('.replaced-');
  expect(titles(shop.database)).toEqual(['one']);
});

test('no link is followed to where a board is to be', async () => {
  using shop = board();
  using other = board();
  const copy = shop.backUp();
  shop.close();
  rmSync(shop.database);
  symlinkSync(other.database, shop.database);
  await expect(shop.restore(copy)).rejects.toMatchObject({ code: 'wrong_usage' });
});

test('a file that is no backup leaves no folder behind', async () => {
  using shop = board();
  const source = shop.beside('note.txt');
  writeFileSync(source, 'hello');
  const database = shop.beside('new/data.db');
  await expect(restoreBoard({ source, database, keep_as: '' })).rejects.toThrow('note.txt');
  expect(existsSync(shop.beside('new'))).toBe(false);
});

test.each<[string, (file: string) => void, string]>([
  ['is damaged', spoil, 'database_damaged'],
  ['is cut off', (file) => truncateSync(file, 5_000), 'database_damaged'],
  ['is no database', (file) => writeFileSync(file, 'hello, world'), 'database_foreign'],
  ['is empty', (file) => truncateSync(file, 0), 'database_foreign'],
  ['is newer', (file) => run(file, "INSERT INTO schema_version VALUES (99, '')"), 'database_newer'],
  ['has code in it', (file) => run(file, 'CREATE VIEW v AS SELECT 1'), 'database_foreign'],
  ['lost rows', (file) => run(file, loseRows), 'database_damaged'],
  ['is not what its log tells', (file) => run(file, RENAME), 'database_damaged'],
  ['is so and older', renameInOlder, 'database_damaged'],
])('a backup that %s changes nothing, and is named', async (_, harm, code) => {
  using shop = board();
  const copy = shop.backUp();
  harm(copy);
  const project = shop.open();
  const before = [...project.board.export()];
  await expect(shop.restore(copy)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(copy),
  });
  expect([...project.board.export()]).toEqual(before);
  expect(existsSync(shop.beside('kept.db'))).toBe(false);
  expect(readdirSync(join(shop.folder, '.codepakt')).filter((f) => f.includes('new-'))).toEqual([]);
});

test('of a newer board none is made, and the board is named, not the copy', () => {
  using shop = board();
  shop.close();
  run(shop.database, "INSERT INTO schema_version VALUES (99, '')");
  expect(refusal(() => shop.backUp('second.db'))).toMatchObject({
    code: 'database_newer',
    message: expect.stringContaining(shop.database),
  });
  expect(existsSync(shop.beside('second.db'))).toBe(false);
});

const RENAME = "UPDATE tasks SET title = 'x'";

/** Keeps the id of the board that it replaces. */
function renameInOlder(file: string): void {
  const db = new Sqlite(file, { readonly: true });
  const id = String(db.prepare('SELECT id FROM projects').pluck().get());
  db.close();
  rmSync(file);
  writeOlderBoard(file, { id, version: 3 });
  run(file, RENAME);
}

test('a backup that is not what its log tells is restored when that is asked for; the next one is whole', async () => {
  using shop = board();
  const [good, bad] = [shop.backUp('good.db'), shop.backUp('bad.db')];
  run(bad, RENAME);
  await shop.restore(bad, { even_changed: true });
  expect(titles(shop.database)).toEqual(['x']);
  // The board that is damaged now is kept all the same.
  const { kept } = await shop.restore(good, { keep_as: shop.beside('kept-too.db') });
  expect(titles(kept ?? '')).toEqual(['x']);
  expect(titles(shop.database)).toEqual(['one']);
});

const loseRows = 'PRAGMA foreign_keys = OFF; INSERT INTO task_dependencies VALUES (1, 77)';

/** Overwrites pages behind the first, so that the file still looks like a board. */
function spoil(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4_096 * 3, 4_096 * 20);
  writeFileSync(file, bytes);
}

function run(file: string, sql: string): void {
  const db = new Sqlite(file);
  db.exec(sql);
  db.close();
}
