import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 10 * 1_048_576;
const KEPT = 3;
/** Lines wait this long for company: one write call for many requests. */
const FLUSH_MS = 100;
const FLUSH_BYTES = 65_536;

export interface LogFileOptions {
  /** When the file has grown to this many bytes a new one is begun. */
  max_bytes?: number;
}

/** A log that is rotated: `server.log`, then `server.log.1` to `server.log.3`, the oldest dropped. */
export class LogFile {
  readonly #file: string;
  readonly #max_bytes: number;
  #descriptor: number;
  #size: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** The last words of a process that breaks down. */
  readonly #flushAtExit = () => this.flush();

  constructor(file: string, { max_bytes = MAX_BYTES }: LogFileOptions = {}) {
    this.#file = file;
    this.#max_bytes = max_bytes;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
    process.once('exit', this.#flushAtExit);
  }

  /** Takes one line, its end included; it is on the disk a moment later. */
  write(line: string): void {
    if (this.#isClosed) return;
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#waitingBytes >= FLUSH_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Writes what waits. A full disk loses lines, never the server. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const text = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      if (this.#size > 0 && this.#size + text.length > this.#max_bytes) this.#rotate();
      this.#size += writeSync(this.#descriptor, text);
    } catch {
      // Nowhere is left to say it: standard error may be closed.
    }
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    process.off('exit', this.#flushAtExit);
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    rmSync(`${this.#file}.${KEPT}`, { force: true });
    for (let n = KEPT - 1; n >= 1; n -= 1)
      moveIfThere(`${this.#file}.${n}`, `${this.#file}.${n + 1}`);
    moveIfThere(this.#file, `${this.#file}.1`);
    const next = openSync(this.#file, 'a', 0o600);
    closeSync(this.#descriptor);
    this.#descriptor = next;
    this.#size = 0;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
