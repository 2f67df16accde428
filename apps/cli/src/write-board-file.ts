import { type FileHandle, open } from 'node:fs/promises';
import type { BoardEndLine } from '@codepakt/contract';
import { asFileError, NewFile } from '@codepakt/core';
import type { ExportedLines } from './board-lines.ts';

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
  using file = new NewFile(path, { replace });
  try {
    const end = await writeAll(await open(file.draft, 'wx', 0o600), pieces);
    file.giveName();
    return end;
  } catch (error) {
    return asFileError(path, () => {
      throw error;
    });
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
