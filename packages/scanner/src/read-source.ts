import type { SkipReason } from '@codepakt/contract';

/** Larger files are no source that anyone reads. */
export const MAX_BYTES = 2 * 1024 * 1024;

/** A longer line at the beginning of a file is a minifier's. */
const MAX_LINE = 20_000;
/** A zero in this much of the beginning makes a file binary, as git has it. */
const BINARY_HEAD = 8_000;
const HEAD = 64 * 1024;

export type SourceText = { text: string } | { skip: SkipReason };

/** The text of a file without its byte order mark, or why it is none. */
export function readSource(bytes: Uint8Array): SourceText {
  if (bytes.length > MAX_BYTES) return { skip: 'too_large' };
  const text = decode(bytes);
  if (text.slice(0, BINARY_HEAD).includes('\0')) return { skip: 'binary' };
  if (hasMinifiedLine(text.slice(0, HEAD))) return { skip: 'minified' };
  // Parsers and databases take it for the end of the text.
  return { text: text.replaceAll('\0', '\ufffd') };
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return utf8.decode(bytes);
}

const utf8 = new TextDecoder();

function hasMinifiedLine(head: string): boolean {
  let start = 0;
  while (head.length - start > MAX_LINE) {
    const end = head.indexOf('\n', start);
    if (end < 0 || end - start > MAX_LINE) return true;
    start = end + 1;
  }
  return false;
}
