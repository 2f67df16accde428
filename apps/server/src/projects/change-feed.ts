import type { Project } from '@codepakt/core';

/** Four times a second, as long as somebody listens. */
const POLL_MS = 250;

export interface ChangeListener {
  /** There are events after those that were there when it was called last. */
  changed(): void;
  /** The project is closed; nothing more will come. */
  closed(error?: unknown): void;
}

/**
 * Tells who listens that events have come: at once after this process's own commits, and within a
 * quarter of a second after another process's, which `PRAGMA data_version` gives away.
 */
export class ChangeFeed {
  readonly #project: Pick<Project, 'dataVersion' | 'events'>;
  readonly #listeners = new Set<ChangeListener>();
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #dataVersion = 0;
  #isClosed = false;

  constructor(project: Pick<Project, 'dataVersion' | 'events'>) {
    this.#project = project;
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Listens from now on; the answer stops it. */
  listen(listener: ChangeListener): () => void {
    if (this.#isClosed) {
      queueMicrotask(() => listener.closed());
      return () => undefined;
    }
    if (!this.isHeard) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (!this.isHeard) this.#stop();
    };
  }

  /** Looks whether there is something new; to be called after a commit of this connection. */
  check(): void {
    if (!this.isHeard) return;
    const lastId = this.#project.events.lastId();
    if (lastId === this.#lastId) return;
    this.#lastId = lastId;
    for (const listener of [...this.#listeners]) listener.changed();
  }

  /** Sends everybody away, for instance because the database broke; who comes again may listen. */
  sendAway(error?: unknown): void {
    this.#stop();
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.closed(error);
  }

  /** Sends everybody away for good. */
  close(error?: unknown): void {
    this.#isClosed = true;
    this.sendAway(error);
  }

  #start(): void {
    this.#dataVersion = this.#project.dataVersion();
    this.#lastId = this.#project.events.lastId();
    this.#timer = setInterval(() => this.#poll(), POLL_MS).unref();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #poll(): void {
    try {
      const dataVersion = this.#project.dataVersion();
      if (dataVersion === this.#dataVersion) return;
      this.#dataVersion = dataVersion;
      this.check();
    } catch (error) {
      // The database went away or broke: who listens connects again and is told the reason.
      this.sendAway(error);
    }
  }
}
