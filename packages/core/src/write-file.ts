import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';

/**
 * Writes a whole file that others see either as it was or as it is now; only its owner may read it.
 * @throws CodepaktError `read_only`, `disk_full`, `busy`
 */
export function replaceFile(file: string, text: string): void {
  asFileError(file, () => {
    const draft = writeDraft(file, text);
    renameSync(draft, file);
    syncFolder(dirname(file));
  });
}

/** Writes a file that is not there yet; answers false, and changes nothing, when it is. */
export function createFile(file: string, text: string): boolean {
  return asFileError(file, () => {
    const draft = writeDraft(file, text);
    try {
      return publish(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/** Gives a finished draft its name, unless that is taken: of several processes just one gets true. */
export function publish(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' || (existsSync(file) && WITHOUT_LINKS.has(code))) return false;
    if (!WITHOUT_LINKS.has(code)) throw error;
    renameSync(draft, file);
  }
  syncFolder(dirname(file));
  return true;
}

/** What file systems say that have no hard links, such as those of memory cards. */
const WITHOUT_LINKS = new Set<string | undefined>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A name beside a file for its next version; no two are the same. */
export function draftOf(file: string): string {
  // Loaded here: questions to the code index come by this file, and it takes longer than they do.
  const { randomUUID } = process.getBuiltinModule('node:crypto');
  return `${file}.new-${randomUUID()}`;
}

/** Makes a folder that only its owner may enter, and those above it; answers whether it was missing. */
export function makeFolder(folder: string): boolean {
  return asFileError(
    folder,
    () => mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined,
  );
}

/** A name that was given or taken away survives a power cut only when its folder is synced. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeDraft(file: string, text: string): string {
  const draft = draftOf(file);
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    // Not `writeSync`: on a disk that fills up it writes a part, and is content.
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return draft;
}

/** Says in our words what the file system refused; anything unknown comes back as it was. */
export function asFileError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      const hint = 'Check who owns the folder and what its rights are.';
      throw new CodepaktError('read_only', `${path} may not be written to`, { hint, cause });
    }
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
      const hint = 'Free some space and repeat.';
      throw new CodepaktError('disk_full', `${path}: the disk is full`, { hint, cause });
    }
    if (code === 'EMFILE' || code === 'ENFILE') throw noHandlesLeft(path, cause);
    if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR') {
      const hint = 'Something else lies where a file or folder of codepakt belongs: move it away.';
      throw new CodepaktError('wrong_usage', `${path} is in the way`, { hint, cause });
    }
    throw cause;
  }
}

/** The error for a process that may open no more files; some are closed again soon. */
export function noHandlesLeft(path: string, cause: unknown): CodepaktError {
  return new CodepaktError('busy', `${path}: too many files are open already`, {
    hint: 'Try again in a moment, or allow more: ulimit -n.',
    cause,
  });
}

/** The `code` of an error of the file system, such as ENOENT. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
