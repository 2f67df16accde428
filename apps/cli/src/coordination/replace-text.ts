import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';

/**
 * Replaces the text of a file of the project's own, whole or not at all, and keeps its rights.
 * @throws CodepaktError `read_only`, `disk_full`; the file is as it was
 */
export function replaceText(file: string, text: string): void {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) mkdirSync(dirname(file), { recursive: true });
    else refuseReadOnly(file, stat);
    writeBeside(file, text, stat);
  } catch (cause) {
    throw explain(file, cause);
  }
}

/** What has to be made writable before `replaceText` can write a file: itself, or the folder it is in. */
export function findReadOnly(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  const folder = dirname(file);
  try {
    if (stat !== undefined) refuseReadOnly(file, stat);
  } catch {
    return file;
  }
  if (stat === undefined && !existsSync(folder)) return findReadOnly(folder);
  try {
    if (stat === undefined || stat.nlink === 1) accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return folder;
  }
  return undefined;
}

function writeBeside(file: string, text: string, stat: Stats | undefined): void {
  // A name that nobody could put a link under, as a cloned repository would; `x` follows none.
  const draft = `${file}.new-${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', stat?.mode ?? 0o666);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
    // The mode above is cut down by the umask.
    if (stat !== undefined) chmodSync(draft, stat.mode);
    if ((stat?.nlink ?? 1) === 1) renameSync(draft, file);
    else {
      // A second name of the same file would stay behind with the old text. That there is room is shown.
      rmSync(draft);
      writeFileSync(file, text);
    }
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
}

/** Also for root, who may write to everything: whoever took the right away meant it. */
function refuseReadOnly(file: string, { mode }: Stats): void {
  accessSync(file, constants.W_OK);
  if ((mode & 0o222) === 0) throw Object.assign(new Error('read-only'), { code: 'EACCES' });
}

function explain(file: string, cause: unknown): unknown {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new CodepaktError('read_only', `${file} may not be written to`, { cause });
  }
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) {
    return new CodepaktError('disk_full', `${file}: the disk is full`, { cause });
  }
  return cause;
}
