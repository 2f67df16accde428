import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { check, ProjectEntry } from '@codepakt/contract';
import { describe, expect, test } from 'vitest';
import { restoreBoard } from '../backup/restore-board.ts';
import { initProject } from '../init-project.ts';
import { openDatabaseFile } from '../open-project.ts';
import { refusal } from '../testing/refusal.ts';
import { type TemporaryFolder, temporaryFolder } from '../testing/temporary-folder.ts';
import { dataDirectory } from './data-directory.ts';
import { databaseFileOf, findProject, listProjects, registerProject } from './projects.ts';
import { listRemovedProjects, removeProject, restoreProject } from './trash.ts';

describe('the data directory', () => {
  test('is CPK_DATA_DIR with ~ filled in, else ~/.codepakt', () => {
    expect(dataDirectory({})).toBe(join(homedir(), '.codepakt'));
    expect(dataDirectory({ CPK_DATA_DIR: '' })).toBe(join(homedir(), '.codepakt'));
    expect(dataDirectory({ CPK_DATA_DIR: 'undefined' })).toBe(join(homedir(), '.codepakt'));
    expect(dataDirectory({ CPK_DATA_DIR: '~/boards' })).toBe(join(homedir(), 'boards'));
    expect(dataDirectory({ CPK_DATA_DIR: '/var/boards/' })).toBe('/var/boards');
    expect(dataDirectory({ CPK_DATA_DIR: 'boards' })).toBe(join(process.cwd(), 'boards'));
  });
});

describe('the registry', () => {
  test('lists the projects, the oldest first, and says whether each can be opened', () => {
    using place = temporaryFolder();
    const first = project(place, 'first', 1);
    const second = project(place, 'second', 2);
    for (const entry of listProjects(place.data_dir)) check(ProjectEntry, entry);
    expect(listProjects(place.data_dir)).toEqual([first, second]);
    registerProject(place.data_dir, { ...second, path: place.beside('gone') });
    expect(findProject(place.data_dir, second.id)).toMatchObject({ available: false });
    expect(listProjects(place.beside('nowhere'))).toEqual([]);
  });

  test('a file that is damaged, empty or of another shape hides no other', () => {
    using place = temporaryFolder();
    const kept = project(place, 'kept', 1);
    for (const [id, text] of [
      ['a', '{'],
      ['b', ''],
      ['c', '[]'],
      ['d', '{"id":"d"}'],
      ['e', JSON.stringify({ ...kept, id: 'other' })],
    ] as const) {
      mkdirSync(join(place.data_dir, 'projects', id));
      writeFileSync(join(place.data_dir, 'projects', id, 'project.json'), text);
    }
    mkdirSync(join(place.data_dir, 'projects', 'empty'));
    expect(listProjects(place.data_dir)).toEqual([kept]);
  });

  test('an id is no way out of the registry', () => {
    using place = temporaryFolder();
    project(place, 'first', 1);
    for (const id of ['..', '../projects', '', '.', 'a/b', 'a\0b', 'x'.repeat(65)]) {
      expect(findProject(place.data_dir, id)).toBeUndefined();
      expect(() => removeProject(place.data_dir, id)).toThrow('there is no project');
    }
  });

  test('its files are for their owner only', () => {
    using place = temporaryFolder();
    const { id } = project(place, 'first', 1);
    const folder = join(place.data_dir, 'projects', id);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'project.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['project.json']);
  });
});

describe('a project that is removed', () => {
  test('leaves the registry, and comes back as it was, its hosted database with it', () => {
    using place = temporaryFolder();
    const entry = project(place, 'hosted', 1, true);
    using board = openDatabaseFile(databaseFileOf(entry, place.data_dir));
    board.tasks.create({ title: 'kept' });
    board.close();
    const removed = removeProject(place.data_dir, entry.id);
    expect(listProjects(place.data_dir)).toEqual([]);
    expect(existsSync(join(removed.trash, 'data.db'))).toBe(true);
    expect(listRemovedProjects(place.data_dir)).toEqual([removed]);
    expect(restoreProject(place.data_dir, entry.id)).toEqual(entry);
    expect(listRemovedProjects(place.data_dir)).toEqual([]);
    using again = openDatabaseFile(databaseFileOf(entry, place.data_dir));
    expect(again.tasks.get('T-001').title).toBe('kept');
  });

  test('keeps its database in the project, where init registers it again', () => {
    using place = temporaryFolder();
    const entry = project(place, 'first', 1);
    removeProject(place.data_dir, entry.id);
    expect(existsSync(databaseFileOf(entry, place.data_dir))).toBe(true);
    const again = initProject(entry.path, { data_dir: place.data_dir });
    expect(again).toMatchObject({ created: false, project: entry });
    expect(() => restoreProject(place.data_dir, entry.id)).toThrow('registered again');
  });

  test('and set up again, with another board, is told where the one that was removed is', async () => {
    using place = temporaryFolder();
    const { data_dir } = place;
    const entry = project(place, 'hosted', 1, true);
    const database = databaseFileOf(entry, data_dir);
    {
      using board = openDatabaseFile(database);
      board.tasks.create({ title: 'kept' });
    }
    const source = join(removeProject(data_dir, entry.id).trash, 'data.db');
    const again = initProject(entry.path, { data_dir });
    expect(again).toMatchObject({ created: true, project: { id: entry.id, hosted: true } });
    expect(again.messages.join(' ')).toContain(source);
    const { code, hint } = refusal(() => restoreProject(data_dir, entry.id));
    expect(code).toBe('wrong_status');
    expect(hint).toContain(`cpk restore ${source}`);
    await restoreBoard({ source, database, id: entry.id, keep_as: place.beside('kept.db') });
    using board = openDatabaseFile(database);
    expect(board.tasks.get('T-001').title).toBe('kept');
    expect(initProject(entry.path, { data_dir }).messages.join(' ')).not.toContain('trash');
  });

  test('more than once comes back as it was last', () => {
    using place = temporaryFolder();
    const entry = project(place, 'first', 1);
    removeProject(place.data_dir, entry.id, new Date(1_000));
    registerProject(place.data_dir, { ...entry, name: 'later' });
    removeProject(place.data_dir, entry.id, new Date(2_000));
    expect(listRemovedProjects(place.data_dir).map(({ name }) => name)).toEqual(['later', 'first']);
    expect(restoreProject(place.data_dir, entry.id).name).toBe('later');
  });

  test('or was never there: says so', () => {
    using place = temporaryFolder();
    expect(() => removeProject(place.data_dir, 'nobody')).toThrow('there is no project nobody');
    expect(() => restoreProject(place.data_dir, 'nobody')).toThrow('in the trash');
  });
});

function project(place: TemporaryFolder, name: string, second: number, hosted = false) {
  const folder = place.beside(name);
  mkdirSync(folder);
  const clock = { now: () => Date.UTC(2026, 0, 1, 0, 0, second) };
  return initProject(folder, { data_dir: place.data_dir, clock, hosted }).project;
}
