import { statSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract';
import type { FastifyBaseLogger } from 'fastify';
import type { ExamineBoard } from '../options.ts';
import type { LiveProject } from './live-project.ts';

/** A board that stays open is read through again after so long. */
const AGAIN_MS = 86_400_000;
/** … and after so long when that failed, such as for want of file handles. */
const RETRY_MS = 60_000;

export interface ExaminerOptions {
  examine: ExamineBoard;
  /** How long a board is open before it is read through: whoever opened it comes first. */
  examine_after_ms: number;
  log: FastifyBaseLogger;
}

/** What the examiner may know of, and do with, a board that it looks at. */
interface Service {
  isServed(): boolean;
  retire(error: CodepaktError): void;
}

interface Verdict {
  error: CodepaktError;
  file: string;
  /** How its file was when it was closed; undefined until then. */
  state: string | undefined;
}

/**
 * Has each open board read through in the background, once after a start and daily, one at a time. A
 * board that turns out to be damaged is not served until its file is another one and is whole.
 */
export class Examiner {
  readonly #options: ExaminerOptions;
  readonly #ending = new AbortController();
  /** When a board was last looked at, and which it was. */
  readonly #looked = new Map<string, { at: number; identity: string }>();
  readonly #damaged = new Map<string, Verdict>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ExaminerOptions) {
    this.#options = options;
  }

  /** @throws CodepaktError `database_damaged` when that is known, and nobody has touched the file since */
  refuse(id: string): void {
    const verdict = this.#damaged.get(id);
    if (verdict === undefined) return;
    const { error, file, state } = verdict;
    if (state === undefined || state === stateOf(file)) throw error;
  }

  /**
   * Reads a board through before it is served, if it was damaged when it was last open.
   * @throws CodepaktError `database_damaged`; `busy` when it could not be read through; call `closed` then
   */
  async admit(id: string, live: LiveProject): Promise<void> {
    if (!this.#damaged.has(id)) return;
    const error = await this.#lookAgain(id, live.project.file);
    if (error !== undefined) {
      this.#condemn(id, live, error);
      throw error;
    }
    this.#damaged.delete(id);
    this.#looked.set(id, { at: performance.now(), identity: live.identity });
    this.#options.log.info({ project: id }, 'a board that was damaged is whole again');
  }

  /** Notes how the file of a board was left that was just found to be damaged. */
  closed(id: string): void {
    const verdict = this.#damaged.get(id);
    if (verdict !== undefined) verdict.state ??= stateOf(verdict.file);
  }

  /** Once a second: begins to look when it is time. `retire` is called when the board is damaged. */
  watch(id: string, live: LiveProject, { isServed, retire }: Service): void {
    if (!this.#isDue(id, live)) return;
    this.#looked.set(id, { at: performance.now(), identity: live.identity });
    this.#examine(live, isServed)
      .then((error) => {
        if (error === undefined || !isServed()) return;
        this.#condemn(id, live, error);
        retire(error);
      })
      .catch((err: unknown) => {
        if (this.#ending.signal.aborted) return;
        const at = performance.now() - AGAIN_MS + RETRY_MS;
        this.#looked.set(id, { at, identity: live.identity });
        this.#options.log.warn({ project: id, err }, 'a board could not be read through');
      });
  }

  stop(): void {
    this.#ending.abort();
  }

  #isDue(id: string, live: LiveProject): boolean {
    if (live.age_ms < this.#options.examine_after_ms) return false;
    const looked = this.#looked.get(id);
    if (looked === undefined || looked.identity !== live.identity) return true;
    return performance.now() - looked.at > AGAIN_MS;
  }

  /** A board looks damaged too while somebody takes away the files beside it: then these are put right. */
  async #examine(
    { project }: LiveProject,
    isServed: () => boolean,
  ): Promise<CodepaktError | undefined> {
    const suspicion = await this.#look(project.file);
    if (suspicion === undefined || !isServed()) return undefined;
    project.keepWal();
    return this.#look(project.file);
  }

  #look(file: string): Promise<CodepaktError | undefined> {
    const { signal } = this.#ending;
    const look = this.#last.then(() => this.#options.examine(file, signal));
    this.#last = look.catch(() => undefined); // told to who waits for this one
    return look;
  }

  /** Of a file that could not be read through nothing is known: the next request has it looked at again. */
  async #lookAgain(id: string, file: string): Promise<CodepaktError | undefined> {
    try {
      return await this.#look(file);
    } catch (cause) {
      if (this.#ending.signal.aborted) {
        throw new CodepaktError('shutting_down', 'the server is stopping', { cause });
      }
      this.#options.log.warn({ project: id, err: cause }, 'a board could not be read through');
      throw new CodepaktError(
        'busy',
        `${file} was damaged when it was last open, and could not be read through since it was changed`,
        { hint: 'Try again in a moment; `cpk server logs` says why it failed.', cause },
      );
    }
  }

  #condemn(id: string, live: LiveProject, error: CodepaktError): void {
    this.#damaged.set(id, { error, file: live.project.file, state: undefined });
    this.#options.log.error({ project: id, err: error }, 'a board is damaged, and not served');
  }
}

function stateOf(file: string): string {
  return [file, `${file}-wal`].map(partOf).join(' ');
}

/** An empty WAL is like none. */
function partOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.size === 0) return 'nothing';
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}`;
}
