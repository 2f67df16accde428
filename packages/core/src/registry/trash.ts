import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProjectEntry } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { quoted } from '../doctor/finding.ts';
import { asFileError, makeFolder, syncFolder } from '../write-file.ts';
import {
  ENTRY_FILE,
  findProject,
  folderOf,
  foldersIn,
  type RegisteredProject,
  readEntry,
} from './projects.ts';

export interface RemovedProject extends RegisteredProject {
  /** Its folder in the trash; a hosted database lies in it. */
  trash: string;
}

/**
 * Takes a project out of the registry: its folder there, with a hosted database, goes to the
 * trash. A database in the project's own `.codepakt/` stays where it is.
 * @throws CodepaktError `project_not_found`
 */
export function removeProject(data_dir: string, id: string, now = new Date()): RemovedProject {
  const entry = findProject(data_dir, id);
  if (entry === undefined) throw notRegistered(id);
  const stamp = now.toISOString().replaceAll(/[-:.]/g, '');
  const trash = join(data_dir, 'trash', `${id}-${stamp}`);
  makeFolder(dirname(trash));
  move(folderOf(data_dir, id), trash);
  const { available: _, ...removed } = entry;
  return { ...removed, trash };
}

/** The projects in the trash, the one removed last first. */
export function listRemovedProjects(data_dir: string): RemovedProject[] {
  const trash = join(data_dir, 'trash');
  return foldersIn(trash)
    .sort((a, b) => (stampOf(a) < stampOf(b) ? 1 : -1))
    .flatMap((name) => {
      const entry = readEntry(join(trash, name));
      return entry === undefined ? [] : [{ ...entry, trash: join(trash, name) }];
    });
}

/** Where the board is that a project had when it was last removed, if that went to the trash with it. */
export function removedBoard(data_dir: string, id: string): string | undefined {
  return listRemovedProjects(data_dir)
    .filter((project) => project.id === id)
    .map(({ trash }) => join(trash, 'data.db'))
    .find((file) => existsSync(file));
}

/**
 * Brings a removed project back, as it was when it was last removed.
 * @throws CodepaktError `project_not_found`; `wrong_status` when it is registered again
 */
export function restoreProject(data_dir: string, id: string): ProjectEntry {
  const removed = listRemovedProjects(data_dir).find((project) => project.id === id);
  if (removed === undefined) throw notRegistered(id, ' in the trash');
  const folder = folderOf(data_dir, id);
  if (existsSync(join(folder, ENTRY_FILE))) {
    const board = removedBoard(data_dir, id);
    throw new CodepaktError('wrong_status', `project ${id} is registered again`, {
      hint:
        board === undefined
          ? `What was removed is still in ${removed.trash}.`
          : `In its folder, cpk restore ${quoted(board)} puts the board that was removed in the place of the new one.`,
    });
  }
  makeFolder(dirname(folder));
  move(removed.trash, folder);
  const entry = findProject(data_dir, id);
  if (entry === undefined) throw notRegistered(id);
  return entry;
}

function move(from: string, to: string): void {
  asFileError(to, () => {
    renameSync(from, to);
    syncFolder(dirname(from));
    syncFolder(dirname(to));
  });
}

function stampOf(name: string): string {
  return name.slice(name.lastIndexOf('-') + 1);
}

function notRegistered(id: string, where = ''): CodepaktError {
  return new CodepaktError('project_not_found', `there is no project ${id}${where}`, {
    hint: '`cpk projects list` shows the projects; `cpk init` in a folder adds it.',
  });
}
