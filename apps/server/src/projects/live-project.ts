import { statSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract';
import type { Project } from '@codepakt/core';
import { ChangeFeed } from './change-feed.ts';
import { CommitQueue } from './commit-queue.ts';

export interface LiveProjectOptions {
  project: Project;
  busy_ms: number;
  /** Whether agents may have been unable to reach the daemon a short time ago. */
  needs_grace: boolean;
  /** Called before a commit, so that a clock that jumped is noticed before leases run out by it. */
  onCommit: () => void;
}

/** An open project: its one connection, the queue of its writes, and who listens to its events. */
export class LiveProject {
  readonly project: Project;
  readonly feed: ChangeFeed;
  readonly #queue: CommitQueue;
  readonly #place: string;
  readonly #content: string;
  #needsGrace: boolean;
  #usedAt = performance.now();
  readonly #openedAt = performance.now();

  constructor({ project, busy_ms, needs_grace, onCommit }: LiveProjectOptions) {
    this.project = project;
    this.feed = new ChangeFeed(project);
    this.#place = placeOf(project.file);
    this.#content = contentOf(project);
    this.#needsGrace = needs_grace;
    this.#queue = new CommitQueue({
      project,
      busy_ms,
      beforeCommit: () => {
        onCommit();
        this.#prepare();
      },
      afterCommit: () => this.#tellListeners(),
    });
  }

  /** Runs work in a transaction that it shares with what arrives at the same time. */
  write<T>(work: () => T): Promise<T> {
    this.#usedAt = performance.now();
    return this.#queue.write(work);
  }

  /** The project for reading; it stays open for a while after. */
  read(): Project {
    this.#usedAt = performance.now();
    return this.project;
  }

  /** Whether nobody has used it for so many milliseconds, or waits for it now. */
  isIdle(idle_ms: number): boolean {
    const isFree = this.#queue.isEmpty && !this.feed.isHeard;
    return isFree && performance.now() - this.#usedAt > idle_ms;
  }

  /** Whether its database is still the file that was opened: what goes into a removed one is lost. */
  isInPlace(): boolean {
    return placeOf(this.project.file) === this.#place;
  }

  /** Whether a backup or an imported board has taken the place of what was opened: nothing read before counts. */
  wasReplaced(): boolean {
    return contentOf(this.project) !== this.#content;
  }

  /** Tells this board from another one that takes its place. */
  get identity(): string {
    return `${this.#place} ${this.#content}`;
  }

  get age_ms(): number {
    return performance.now() - this.#openedAt;
  }

  /** At its next commit or tick every lease is pushed out: agents could not reach the daemon. */
  grace(): void {
    this.#needsGrace = true;
  }

  /** Once a second: leases that ran out, old keys, the checkpoint. */
  tick(): void {
    this.#prepare();
    this.project.tick();
    this.#tellListeners();
  }

  /** Resolves when every write is answered. */
  drained(): Promise<void> {
    return this.#queue.drained();
  }

  [Symbol.dispose](): void {
    this.feed.close();
    this.project.close();
  }

  #prepare(): void {
    if (!this.isInPlace()) throw fileGone(this.project.file);
    this.project.keepWal();
    if (!this.#needsGrace) return;
    this.project.graceLeases();
    this.#needsGrace = false;
  }

  #tellListeners(): void {
    try {
      this.feed.check();
    } catch (error) {
      this.feed.sendAway(error);
    }
  }
}

/** The error for a project whose database is not where it was opened. */
export function fileGone(file: string): CodepaktError {
  return new CodepaktError('project_not_found', `${file} was moved or removed`, {
    hint: 'Bring it back, or run `cpk init` where it is now.',
  });
}

/** Whose log it is: a restored backup says so in it, and an imported board has a birthday of its own. */
function contentOf(project: Project): string {
  return `${project.lastRestore()} ${project.info().created_at}`;
}

/** Which file lies at a path: another one there has another number. */
function placeOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'nowhere' : `${stat.dev}:${stat.ino}`;
}
