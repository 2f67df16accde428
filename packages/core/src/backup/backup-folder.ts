import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asFileError } from '../write-file.ts';

export interface BackupFile {
  file: string;
  bytes: number;
  /** UTC, ISO 8601. */
  made_at: string;
  /** What it was made for: `backup`, `restore` before one, `v1` before a migration, `legacy`. */
  why: string;
}

/**
 * Where the backups of a project go unless told otherwise: not beside its database, which is lost
 * together with its folder, by `git clean -xdf` for instance.
 */
export function backupFolder(data_dir: string, id: string): string {
  return join(data_dir, 'backups', id);
}

/** A name in that folder, which sorts by time. */
export function backupName(why: BackupFile['why'], now: Date): string {
  return `${now.toISOString().replaceAll(':', '-').replace('.', '-')}-${why}.db`;
}

const BACKUP = /^\d{4}-\d\d-\d\dT[\d-]+Z-(\w+)\.db$/;

/** Whether `backupName` makes such names. */
export function isBackupName(name: string): boolean {
  return BACKUP.test(name);
}

/**
 * The backups of a project, the newest first: those in its folder, and those that were kept beside
 * its database when a newer codepakt changed it.
 */
export function listBackups(data_dir: string, id: string, database: string): BackupFile[] {
  const folder = backupFolder(data_dir, id);
  const named = filesIn(folder).flatMap((name) => {
    const why = BACKUP.exec(name)?.[1];
    return why === undefined ? [] : [describe(join(folder, name), why)];
  });
  const beside = filesIn(dirname(database)).flatMap((name) => {
    if (!name.startsWith(`${basename(database)}.`)) return [];
    const why = /\.(\w+)-\d{8}T\d+Z(?:-\d+)?\.bak$/.exec(name)?.[1];
    return why === undefined ? [] : [describe(join(dirname(database), name), why)];
  });
  return [...named, ...beside].sort((a, b) => (a.made_at < b.made_at ? 1 : -1));
}

/** Deletes all but the newest `keep` of the backups that were asked for; answers which are gone. */
export function pruneBackups(data_dir: string, id: string, keep: number): string[] {
  const folder = backupFolder(data_dir, id);
  const old = listBackups(data_dir, id, join(folder, 'none'))
    .filter(({ why }) => why === 'backup')
    .slice(keep)
    .map(({ file }) => file);
  for (const file of old) asFileError(file, () => rmSync(file));
  return old;
}

function describe(file: string, why: string): BackupFile {
  const { size, mtime } = statSync(file);
  return { file, bytes: size, made_at: mtime.toISOString(), why };
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? asFileError(folder, () => readdirSync(folder)) : [];
}
