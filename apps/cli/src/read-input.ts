import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { whatLiesAt } from './what-lies-at.ts';

/**
 * The text of a file, or of stdin for `-`.
 * @throws CodepaktError `file_not_found`, `too_large`, `invalid_input` when it is not UTF-8
 */
export async function readInput(file: string, cwd: string, most_bytes: number): Promise<string> {
  const name = file === '-' ? 'stdin' : file;
  const bytes = file === '-' ? await readStdin(most_bytes) : readBytes(resolve(cwd, file), file);
  if (bytes.length > most_bytes) {
    const limit = most_bytes.toLocaleString('en-US');
    throw new CodepaktError('too_large', `${name} is longer than the limit of ${limit} bytes`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CodepaktError('invalid_input', `${name} is not text in UTF-8`, { cause });
  }
}

function readBytes(path: string, name: string): Buffer {
  if (whatLiesAt(path)?.isFile() !== true) {
    throw new CodepaktError('file_not_found', `there is no file ${name}`);
  }
  return readFileSync(path);
}

async function readStdin(most_bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size > most_bytes) break;
  }
  return Buffer.concat(pieces);
}
