import type { CodepaktError } from '@codepakt/contract/light';
import { lost } from './to-error.ts';

const MAX_HEAD_BYTES = 65_536;
const MAX_LINE_BYTES = 8_192;

export interface ResponseHead {
  status: number;
  headers: Record<string, string>;
}

/**
 * Takes one answer in, in whatever pieces it comes. Strict: an answer that two readers could
 * understand differently is refused.
 */
export class ResponseReader {
  head: ResponseHead | undefined;
  isComplete = false;
  #rest: Buffer = Buffer.alloc(0);
  #framing: 'length' | 'chunked' | 'close' = 'close';
  /** What is to come of the body, or of the present chunk. */
  #left = 0;
  #expect: 'size' | 'data' | 'break' | 'trailer' = 'size';

  /** The pieces of the body that this chunk holds. */
  push(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.head === undefined) if (!this.#readHead()) return [];
    if (this.isComplete) return [];
    if (this.#framing === 'chunked') return this.#readChunks();
    const piece =
      this.#framing === 'close' ? this.#take(this.#rest.length) : this.#take(this.#left);
    if (this.#framing === 'length' && this.#left === 0) this.isComplete = true;
    return piece.length === 0 ? [] : [piece];
  }

  /** The other side has closed: fine only when nothing more was to come. */
  finish(): void {
    if (this.head !== undefined && this.#framing === 'close') this.isComplete = true;
    if (!this.isComplete)
      throw lost('lost', 'the connection broke off in the middle of the answer');
  }

  /** Whether a head was read, be it one that only announces another. */
  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end > MAX_HEAD_BYTES || (end < 0 && this.#rest.length > MAX_HEAD_BYTES)) {
      throw notHttp('a head too long');
    }
    if (end < 0) {
      // Said at once, not after a timeout: another protocol may be waiting for us to speak.
      const start = this.#rest.toString('latin1', 0, 5);
      if (!'HTTP/'.startsWith(start)) throw notHttp('another protocol');
      return false;
    }
    const [first = '', ...lines] = this.#rest.toString('latin1', 0, end).split('\r\n');
    this.#rest = this.#rest.subarray(end + 4);
    const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(first)?.[1]);
    if (Number.isNaN(status)) throw notHttp('another protocol');
    if (status < 200) return true;
    this.head = { status, headers: parseHeaders(lines) };
    this.#chooseFraming(status, this.head.headers);
    return true;
  }

  #chooseFraming(status: number, headers: Record<string, string>): void {
    const length = headers['content-length'];
    const encoding = headers['transfer-encoding'];
    if (status === 204 || status === 304) {
      this.isComplete = true;
    } else if (encoding !== undefined) {
      if (encoding.toLowerCase() !== 'chunked' || length !== undefined) {
        throw notHttp('an unknown framing');
      }
      this.#framing = 'chunked';
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw notHttp('a bad length');
      this.#framing = 'length';
      this.#left = Number(length);
      this.isComplete = this.#left === 0;
    }
  }

  #readChunks(): Buffer[] {
    const pieces: Buffer[] = [];
    while (!this.isComplete) {
      if (this.#expect === 'data') {
        const piece = this.#take(this.#left);
        if (piece.length === 0) break;
        pieces.push(piece);
        if (this.#left === 0) this.#expect = 'break';
        continue;
      }
      const line = this.#takeLine();
      if (line === undefined) break;
      if (this.#expect === 'size') this.#startChunk(line);
      else if (this.#expect === 'trailer') this.isComplete = line === '';
      else if (line === '') this.#expect = 'size';
      else throw notHttp('a broken chunk');
    }
    return pieces;
  }

  #startChunk(line: string): void {
    const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw notHttp('a broken chunk');
    this.#left = Number.parseInt(size, 16);
    this.#expect = this.#left === 0 ? 'trailer' : 'data';
  }

  /** At most that much of what has come. */
  #take(most: number): Buffer {
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.#left -= piece.length;
    return piece;
  }

  #takeLine(): string | undefined {
    const end = this.#rest.indexOf('\r\n');
    if (end > MAX_LINE_BYTES || (end < 0 && this.#rest.length > MAX_LINE_BYTES)) {
      throw notHttp('a line too long');
    }
    if (end < 0) return undefined;
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }
}

function parseHeaders(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(key) || /[\0\r\n]/.test(line)) {
      throw notHttp('a broken header');
    }
    const value = line.slice(colon + 1).trim();
    const before = headers[key];
    headers[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** What answers is no daemon of ours. */
export function notHttp(what: string): CodepaktError {
  return lost('not_codepakt', `what answers there is not codepakt: it sent ${what}`);
}
