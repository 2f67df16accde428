import { constants, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { CodepaktError } from '@codepakt/contract/light';
import { whatLiesAt } from './what-lies-at.ts';

/**
 * The text of a file, of stdin for `-`, or of a pipe, which is what a shell puts for `<(command)`.
 * @throws CodepaktError `file_not_found`, `too_large`, `invalid_input` when it is not UTF-8
 */
export async function readInput(file: string, cwd: string, most_bytes: number): Promise<string> {
  const name = file === '-' ? 'stdin' : file;
  const bytes =
    file === '-'
      ? await readStream(process.stdin, most_bytes)
      : await readAt(resolve(cwd, file), file, most_bytes);
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

async function readAt(path: string, name: string, most_bytes: number): Promise<Buffer> {
  const stat = whatLiesAt(path);
  if (stat === undefined) {
    throw new CodepaktError('file_not_found', `there is no file ${name}`);
  }
  if (stat.isFIFO()) return readStream(await openPipe(path), most_bytes);
  if (!stat.isFile()) throw new CodepaktError('file_not_found', `${name} is not a file`);
  return readFileSync(path);
}

/** As a socket: opened as a file, one at which nobody writes yet would hold us where Ctrl-C is not heard. */
async function openPipe(path: string): Promise<Readable> {
  const { Socket } = await import('node:net');
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

async function readStream(stream: Readable, most_bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size > most_bytes) break;
  }
  return Buffer.concat(pieces);
}
