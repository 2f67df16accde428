import { createReadStream } from 'node:fs';
import type { BoardEndLine } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { whatLiesAt } from './what-lies-at.ts';

/** Whole lines of an exported board; with the last of them comes the end line. */
export interface ExportedLines {
  text: string;
  end?: BoardEndLine;
}

/**
 * The pieces of an export, cut at ends of lines.
 * @throws CodepaktError `server_unreachable` when the last line is missing: it was cut off
 */
export async function* exportedLines(pieces: AsyncIterable<string>): AsyncGenerator<ExportedLines> {
  let rest = '';
  let end: BoardEndLine | undefined;
  for await (const piece of pieces) {
    const cut = piece.lastIndexOf('\n') + 1;
    if (cut === 0) {
      rest += piece;
      continue;
    }
    const text = rest + piece.slice(0, cut);
    rest = piece.slice(cut);
    end = endOf(text);
    yield end === undefined ? { text } : { text, end };
  }
  if (end !== undefined && rest === '') return;
  throw new CodepaktError('server_unreachable', 'the export was cut off', { hint: 'Try again.' });
}

function endOf(text: string): BoardEndLine | undefined {
  const last = text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
  return last.startsWith('{"kind":"end"') ? (JSON.parse(last) as BoardEndLine) : undefined;
}

/**
 * The text of a file of board lines, a piece at a time, from its beginning each time that it is
 * asked for: a request that was lost is sent again. Stdin can be read only once.
 * @throws CodepaktError `file_not_found`, `invalid_input` when it is not UTF-8
 */
export function linesToImport(path: string | undefined): AsyncIterable<string> {
  if (path === undefined) return onceOnly(decode(process.stdin, 'stdin'));
  if (whatLiesAt(path)?.isFile() !== true) {
    throw new CodepaktError('file_not_found', `there is no file ${path}`);
  }
  return { [Symbol.asyncIterator]: () => decode(createReadStream(path), path) };
}

/** A replacement character would change the board without a word. */
async function* decode(
  pieces: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new CodepaktError('invalid_input', `${name} is not text in UTF-8`, {
      hint: 'Nothing was imported.',
      cause,
    });
  }
}

function onceOnly(pieces: AsyncGenerator<string, void, undefined>): AsyncIterable<string> {
  let isRead = false;
  return {
    [Symbol.asyncIterator]() {
      if (isRead) {
        throw new CodepaktError('server_unreachable', 'the connection to the server was lost', {
          hint: 'Stdin can be read only once: run it again.',
        });
      }
      isRead = true;
      return pieces;
    },
  };
}
