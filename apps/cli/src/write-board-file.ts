import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BoardEndLine } from '@codepakt/contract';
import { CodepaktError, type ErrorCode } from '@codepakt/contract/light';
import type { ExportedLines } from './board-lines.ts';
import { wrongUsage } from './wrong-usage.ts';

/**
 * Writes an export to a file that gets its name when it is whole; only its owner may read it.
 * Answers its last line.
 * @throws CodepaktError `wrong_usage` when the name is taken, `file_not_found`, `disk_full`, `read_only`
 */
export async function writeBoardFile(
  path: string,
  pieces: AsyncIterable<ExportedLines>,
  replace: boolean,
): Promise<BoardEndLine> {
  if (!existsSync(dirname(path))) {
    throw new CodepaktError('file_not_found', `there is no folder ${dirname(path)}`);
  }
  if (existsSync(path) && !replace) throw taken(path);
  const draft = `${path}.new-${randomUUID()}`;
  try {
    const end = await writeAll(await open(draft, 'wx', 0o600), pieces);
    if (replace) renameSync(draft, path);
    else linkSync(draft, path);
    return end;
  } catch (error) {
    throw toKnown(error, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

async function writeAll(
  file: FileHandle,
  pieces: AsyncIterable<ExportedLines>,
): Promise<BoardEndLine> {
  try {
    let last: BoardEndLine | undefined;
    for await (const { text, end } of pieces) {
      await file.writeFile(text);
      last = end;
    }
    await file.sync();
    if (last === undefined) throw new Error('an export without an end line was taken for whole');
    return last;
  } finally {
    await file.close();
  }
}

const CODES: Record<string, ErrorCode> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EFBIG: 'disk_full',
  EACCES: 'read_only',
  EPERM: 'read_only',
  EROFS: 'read_only',
};

function toKnown(error: unknown, path: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST') return taken(path);
  const known = CODES[code];
  if (known === undefined) return error;
  const what = known === 'disk_full' ? 'the disk is full' : 'it may not be written to';
  return new CodepaktError(known, `${path}: ${what}`, { cause: error });
}

function taken(path: string): CodepaktError {
  return wrongUsage(`${path} is there already`, 'Name another file, or say --force.');
}
