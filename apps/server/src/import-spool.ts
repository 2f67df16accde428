import { isUtf8 } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CodepaktError, type ErrorCode, LIMITS } from '@codepakt/contract';

const PIECE_BYTES = 262_144;
const NEWLINE = 0x0a;

const FILE_ERRORS: Record<string, ErrorCode> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EFBIG: 'disk_full',
  EACCES: 'read_only',
  EROFS: 'read_only',
};

/** A body of any length, kept on the disk until it is whole. */
export interface ImportSpool {
  digest: string;
  /** Its lines, from the first, read as they are needed. */
  lines(): Generator<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Receives a body into a file: an import is one transaction, which can't wait for a slow sender,
 * and what is imported may be larger than the memory.
 * @throws CodepaktError `disk_full`, `read_only`
 */
export async function spoolImport(
  body: AsyncIterable<Buffer>,
  data_dir: string,
): Promise<ImportSpool> {
  const hash = createHash('sha256');
  const handle = await openNameless(data_dir);
  try {
    for await (const piece of body) {
      hash.update(piece);
      await handle.writeFile(piece).catch(toKnown);
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    digest: hash.digest('base64url'),
    lines: () => readLines(handle.fd),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** A file without a name: it is gone with the process, however that ends. */
async function openNameless(data_dir: string): Promise<FileHandle> {
  const file = join(data_dir, `import-${randomUUID()}`);
  const handle = await open(file, 'wx+', 0o600).catch(toKnown);
  await unlink(file);
  return handle;
}

function* readLines(fd: number): Generator<string> {
  const piece = Buffer.alloc(PIECE_BYTES);
  let rest: Buffer[] = [];
  let length = 0;
  let number = 1;
  for (let at = 0; ; ) {
    const read = readSync(fd, piece, 0, PIECE_BYTES, at);
    if (read === 0) break;
    at += read;
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0 && end < read; ) {
      rest.push(piece.subarray(start, end));
      yield decode(rest, number);
      number += 1;
      rest = [];
      length = 0;
      start = end + 1;
      end = piece.indexOf(NEWLINE, start);
    }
    // Copied, because the next piece comes into the same memory.
    rest.push(Buffer.from(piece.subarray(start, read)));
    length += read - start;
    if (length > LIMITS.line_bytes) throw lineError('too_large', number, 'is too long');
  }
  if (length > 0) yield decode(rest, number);
}

function decode(pieces: readonly Buffer[], number: number): string {
  const line = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
  if (!isUtf8(line)) throw lineError('malformed_body', number, 'is not UTF-8');
  return line.toString('utf8');
}

function lineError(code: ErrorCode, number: number, message: string): CodepaktError {
  return new CodepaktError(code, `line ${number}: ${message}`, { hint: 'Nothing was imported.' });
}

function toKnown(cause: NodeJS.ErrnoException): never {
  const code = FILE_ERRORS[cause.code ?? ''];
  if (code === undefined) throw cause;
  throw new CodepaktError(code, 'the data directory could not take the import', {
    hint: 'Free some space there, or check its rights, and repeat. Nothing was imported.',
    cause,
  });
}
