import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectEntry } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { asFileError, makeFolder, replaceFile } from '../write-file.ts';

/**
 * The registry: which projects there are on this machine, one small file each, so that processes
 * never have to agree on a common one. Each file is replaced as a whole.
 */
export type RegisteredProject = Omit<ProjectEntry, 'available'>;

/** The projects registered on this machine, the oldest first. */
export function listProjects(data_dir: string): ProjectEntry[] {
  return foldersIn(join(data_dir, 'projects'))
    .map((id) => findProject(data_dir, id))
    .filter((entry) => entry !== undefined)
    .sort((a, b) => compare(a.created_at, b.created_at) || compare(a.id, b.id));
}

/**
 * What the registry knows of a project; undefined when it is not registered.
 * @throws CodepaktError `busy` when no more files may be opened
 */
export function findProject(data_dir: string, id: string): ProjectEntry | undefined {
  if (!isProjectId(id)) return undefined;
  const entry = readEntry(folderOf(data_dir, id));
  if (entry?.id !== id) return undefined;
  return { ...entry, available: existsSync(databaseFileOf(entry, data_dir)) };
}

/** Whether a project is registered; costs next to nothing, so that it can be asked at each request. */
export function isRegistered(data_dir: string, id: string): boolean {
  return existsSync(join(folderOf(data_dir, id), ENTRY_FILE));
}

/**
 * Adds a project to the registry, or changes what it says of it.
 * @throws CodepaktError `read_only`, `disk_full`
 */
export function registerProject(data_dir: string, entry: RegisteredProject): ProjectEntry {
  const { id, name, path, hosted, created_at } = entry;
  makeFolderOf(data_dir, id);
  const text = JSON.stringify({ id, name, path, hosted, created_at });
  replaceFile(join(folderOf(data_dir, id), ENTRY_FILE), `${text}\n`);
  const available = existsSync(databaseFileOf(entry, data_dir));
  return { id, name, path, hosted, available, created_at };
}

/** Where the database of a project lies: in its `.codepakt/`, or hosted in the data directory. */
export function databaseFileOf(
  { id, path, hosted }: Pick<ProjectEntry, 'id' | 'path' | 'hosted'>,
  data_dir: string,
): string {
  return hosted ? hostedDatabaseFile(data_dir, id) : join(path, '.codepakt', 'data.db');
}

export function hostedDatabaseFile(data_dir: string, id: string): string {
  return join(folderOf(data_dir, id), 'data.db');
}

/** Ids become names of folders, and come from files of cloned repositories and from requests. */
export function isProjectId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-z][0-9a-z-]{0,63}$/i.test(id);
}

export const ENTRY_FILE = 'project.json';

export function folderOf(data_dir: string, id: string): string {
  return join(data_dir, 'projects', id);
}

/**
 * Makes the folder that a project has in the data directory; answers whether it was missing.
 * @throws CodepaktError `read_only`, naming the way out, `disk_full`
 */
export function makeFolderOf(data_dir: string, id: string): boolean {
  try {
    return makeFolder(folderOf(data_dir, id));
  } catch (cause) {
    if (!(cause instanceof CodepaktError) || cause.code !== 'read_only') throw cause;
    throw new CodepaktError('read_only', `the data directory ${data_dir} may not be written to`, {
      hint: 'Make it writable, or choose another with CPK_DATA_DIR.',
      cause,
    });
  }
}

/**
 * The entry in a folder of the registry or its trash; undefined where there is none that can be read.
 * @throws CodepaktError `busy` when no more files may be opened
 */
export function readEntry(folder: string): RegisteredProject | undefined {
  const file = join(folder, ENTRY_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const entry: unknown = JSON.parse(asFileError(file, () => readFileSync(file, 'utf8')));
    return isEntry(entry) ? entry : undefined;
  } catch (error) {
    // That it can't be read at this moment does not mean that it is not there.
    if (error instanceof CodepaktError && error.code === 'busy') throw error;
    return undefined; // one damaged or vanished file must not hide the other projects
  }
}

function isEntry(value: unknown): value is RegisteredProject {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<keyof RegisteredProject, unknown>>;
  return (
    isProjectId(entry.id) &&
    typeof entry.name === 'string' &&
    typeof entry.path === 'string' &&
    typeof entry.hosted === 'boolean' &&
    typeof entry.created_at === 'string'
  );
}

/** The names of the folders in a folder; none when it is not there. */
export function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return asFileError(folder, () => readdirSync(folder, { withFileTypes: true }))
    .filter((item) => item.isDirectory())
    .map(({ name }) => name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
