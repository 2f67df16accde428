import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { backUpBoard } from './backup/back-up-board.ts';
import { restoreBoard } from './backup/restore-board.ts';
import { initProject } from './init-project.ts';
import { openDatabaseFile } from './open-project.ts';
import type { Project } from './project.ts';
import { refusal } from './testing/refusal.ts';
import { runInit } from './testing/run-init.ts';
import { type TemporaryFolder, temporaryFolder } from './testing/temporary-folder.ts';

interface Lost extends TemporaryFolder {
  id: string;
  database: string;
  /** Who has the database open that is gone. */
  holder: Project;
}

/** A project whose database was removed while somebody had it open: only its WAL is left. */
function lostDatabase(): Lost {
  const place = temporaryFolder();
  const { id } = initProject(place.folder, { data_dir: place.data_dir }).project;
  const database = join(place.folder, '.codepakt', 'data.db');
  const holder = openDatabaseFile(database, { auto_checkpoint: false });
  const description = 'd'.repeat(400);
  for (let n = 0; n < 4; n++) {
    holder.tasks.createBatch(Array.from({ length: 100 }, () => ({ title: 'old', description })));
  }
  copyFileSync(database, place.beside('moved.db'));
  rmSync(database);
  return {
    ...place,
    id,
    database,
    holder,
    [Symbol.dispose]: () => {
      holder.close();
      place[Symbol.dispose]();
    },
  };
}

/** The WALs beside the place of a database. */
function wals({ folder }: TemporaryFolder): string[] {
  const own = join(folder, '.codepakt');
  return readdirSync(own).filter((name) => name.endsWith('-wal'));
}

function expectWhole(file: string): void {
  using sqlite = new Closing(file, { readonly: true });
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
}

class Closing extends Sqlite {
  [Symbol.dispose](): void {
    this.close();
  }
}

describe('where the WAL of a database was left that is gone', () => {
  test('a new board is not mixed with it: it is kept, and that is said', () => {
    using lost = lostDatabase();
    const wal = readFileSync(`${lost.database}-wal`);
    const { created, messages } = initProject(lost.folder, { data_dir: lost.data_dir });
    expect(created).toBe(true);
    const [kept = ''] = wals(lost);
    expect(kept).toMatch(/^data\.db\.replaced-\d+T\d+Z\.bak-wal$/);
    expect(messages.join(' ')).toContain(kept);
    expect(readFileSync(join(lost.folder, '.codepakt', kept))).toEqual(wal);
    {
      using board = openDatabaseFile(lost.database);
      expect(board.tasks.list().items).toEqual([]);
      expect(board.tasks.create({ title: 'new' }).id).toBe('T-001');
      // Closing what is gone takes nothing from what is there now.
      lost.holder.close();
      expect(board.tasks.create({ title: 'newer' }).id).toBe('T-002');
    }
    expectWhole(lost.database);
    // What was kept belongs to the old file: together they are the old board.
    const moved = lost.beside('moved.db');
    renameSync(join(lost.folder, '.codepakt', kept), `${moved}-wal`);
    using old = openDatabaseFile(moved);
    expect(old.board.status().total).toBe(400);
  });

  test('nor is a board that a backup is restored to', async () => {
    using lost = lostDatabase();
    using other = temporaryFolder();
    initProject(other.folder, { data_dir: other.data_dir });
    const source = lost.beside('backup.db');
    backUpBoard(join(other.folder, '.codepakt', 'data.db'), source);
    const { database, id } = lost;
    await restoreBoard({ source, database, id, force: true, keep_as: lost.beside('kept.db') });
    expect(wals(lost)).toHaveLength(1);
    using board = openDatabaseFile(database);
    expect(board.tasks.create({ title: 'new' }).id).toBe('T-001');
    expectWhole(database);
  });

  test('no link is followed that a cloned repository has in the place of the lock', async () => {
    using place = temporaryFolder();
    const database = join(place.folder, '.codepakt', 'data.db');
    const victim = place.beside('victim');
    mkdirSync(join(place.folder, '.codepakt'));
    writeFileSync(`${database}-wal`, 'x'.repeat(5_000));
    symlinkSync(victim, `${database}.lock`);
    const { data_dir } = place;
    expect(refusal(() => initProject(place.folder, { data_dir })).code).toBe('wrong_usage');
    const source = place.beside('backup.db');
    initProject(place.beside('.'), { data_dir });
    backUpBoard(place.beside('.codepakt/data.db'), source);
    await expect(restoreBoard({ source, database, keep_as: '' })).rejects.toThrow('is a link');
    expect(existsSync(victim)).toBe(false);
  });

  test('several processes at once make one board, and keep that WAL once', async () => {
    using lost = lostDatabase();
    const outcomes = await Promise.all([1, 2, 3].map(() => runInit(lost.folder, lost.data_dir)));
    expect(outcomes.map((outcome) => outcome !== undefined && 'created' in outcome)).toEqual([
      true,
      true,
      true,
    ]);
    expect(wals(lost)).toHaveLength(1);
    expect(readdirSync(join(lost.folder, '.codepakt'))).not.toContain('data.db.lock');
    using board = openDatabaseFile(lost.database);
    expect(board.tasks.list().items).toEqual([]);
    expectWhole(lost.database);
  });
});
