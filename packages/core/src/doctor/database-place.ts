import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { networkFileSystem } from '../database/network-file-system.ts';
import { type Finding, failure, quoted, warning } from './finding.ts';

const CHECK = 'database place';

/** Why there is no database to look at; undefined when there is one. */
export function examinePresence(
  file: string,
  restore: () => string | undefined,
): Finding | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return failure(CHECK, `${file} is not there`, restore() ?? 'cpk init');
  if (stat.isFile()) return undefined;
  return failure(
    CHECK,
    `${file} is no plain file`,
    `mv ${quoted(file)} ${quoted(`${file}.old`)} && cpk init`,
  );
}

/** What is wrong with where a database lies, and with who may do what to it. */
export function examinePlace(file: string): Finding[] {
  const folder = dirname(file);
  return [
    ...examineFileSystem(file),
    ...examineAccess(file),
    ...examineRights([folder, file, `${file}-wal`, `${file}-shm`]),
  ];
}

export function mayRead(file: string): boolean {
  return may(file, constants.R_OK);
}

function examineFileSystem(file: string): Finding[] {
  const kind = networkFileSystem(dirname(file));
  if (kind === null) return [];
  const message = `${file} lies on a network file system (${kind}), where SQLite is not safe`;
  // The file alone may lack what is still in its write-ahead log; a backup has all of it.
  const move = `cpk backup ~/board.db && mv ${quoted(file)} ${quoted(`${file}.old`)}`;
  const mend = `cpk server stop; ${move} && cpk init --hosted && cpk restore ~/board.db`;
  return [failure(CHECK, message, mend)];
}

function examineAccess(file: string): Finding[] {
  const folder = dirname(file);
  if (!mayRead(file)) return [failure(CHECK, `${file} may not be read`, own(folder))];
  const locked = [folder, file].find((path) => !may(path, constants.W_OK));
  if (locked === undefined) return [];
  const message = `${locked} may not be written to`;
  return [
    failure(
      CHECK,
      message,
      isMine(locked) ? `chmod u+w ${quoted(folder)} ${quoted(file)}` : own(folder),
    ),
  ];
}

/** A board may say what is nobody else's business, and its verify commands run as its owner. */
export function examineRights(paths: readonly string[]): Finding[] {
  const open = paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined || (stat.mode & 0o077) === 0 ? [] : [{ path, stat }];
  });
  const [files, folders] = [false, true].map((isFolder) =>
    open.filter(({ stat }) => stat.isDirectory() === isFolder).map(({ path }) => path),
  );
  return [...tell(folders ?? [], '700'), ...tell(files ?? [], '600')];
}

function tell(paths: readonly string[], right: string): Finding[] {
  if (paths.length === 0) return [];
  const message = `others than you may read or change ${paths.join(', ')}`;
  return [warning('rights', message, `chmod ${right} ${paths.map(quoted).join(' ')}`)];
}

function own(folder: string): string {
  return `sudo chown -R "$USER" ${quoted(folder)}`;
}

function isMine(path: string): boolean {
  return statSync(path).uid === process.getuid?.();
}

function may(path: string, mode: number): boolean {
  if (!existsSync(path)) return true;
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false; // also of a disk that is mounted read-only
  }
}
