import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError, type ProjectEntry } from '@codepakt/contract';
import {
  type Clock,
  databaseFileOf,
  findProject,
  isRegistered,
  listProjects,
  openDatabaseFile,
  type Project,
  registerProject,
} from '@codepakt/core';
import type { FastifyBaseLogger } from 'fastify';
import type { ExamineBoard } from '../options.ts';
import { type Clocks, ClockWatch } from './clock-watch.ts';
import { Examiner } from './examiner.ts';
import { fileGone, LiveProject } from './live-project.ts';

const TICK_MS = 1_000;
const RETRY_MS = 25;
/** A lease that was raised when agents could not reach the daemon ends after this at the latest. */
const GRACE_MS = 300_000;

export interface ProjectPoolOptions {
  data_dir: string;
  busy_ms: number;
  idle_ms: number;
  log: FastifyBaseLogger;
  /** Reads boards through in the background. */
  examine?: ExamineBoard | undefined;
  examine_after_ms: number;
  clock?: Clock | undefined;
  clocks?: Clocks | undefined;
}

/** The registered projects: each opened on first use, ticked every second, closed when idle. */
export class ProjectPool {
  readonly #options: ProjectPoolOptions;
  readonly #open = new Map<string, LiveProject>();
  readonly #opening = new Map<string, Promise<LiveProject>>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #clockWatch: ClockWatch;
  readonly #examiner: Examiner | undefined;
  /** Looked after in this turn of the event loop: requests that arrived together share the look. */
  readonly #lookedAfter = new Set<LiveProject>();
  readonly #complaints = new Map<string, string>();
  #unreachableUntil = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #isDismissed = false;

  constructor(options: ProjectPoolOptions) {
    this.#options = options;
    this.#clockWatch = new ClockWatch(options.clocks);
    const { examine } = options;
    this.#examiner = examine && new Examiner({ ...options, examine });
  }

  /** Begins to tick. */
  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  list(): ProjectEntry[] {
    return listProjects(this.#options.data_dir);
  }

  /** Tells the registry what a project is called now. */
  register({ id, name }: Pick<ProjectEntry, 'id' | 'name'>): void {
    const { data_dir, log } = this.#options;
    try {
      const entry = findProject(data_dir, id);
      if (entry === undefined || entry.name === name) return;
      registerProject(data_dir, { ...entry, name });
    } catch (err) {
      // The board has its name all the same, and `cpk init` tells the registry.
      log.warn({ project: id, err }, 'the registry was not told a name');
    }
  }

  /** The project if it is open already: the common case, without a promise. */
  opened(id: string): LiveProject | undefined {
    const live = this.#open.get(id);
    if (live === undefined || this.#lookedAfter.has(live)) return live;
    const reason = this.#whyOver(id, live);
    if (reason === undefined) {
      this.#rememberLook(live);
      return live;
    }
    // Who asks gets what is there now, or is told that nothing is.
    this.#retire(id, live, reason);
    return undefined;
  }

  /** @throws CodepaktError `project_not_found`, or why its database cannot be opened. */
  async use(id: string): Promise<LiveProject> {
    const open = this.opened(id);
    if (open !== undefined) return open;
    const opening = this.#opening.get(id) ?? this.#openProject(id);
    this.#opening.set(id, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(id);
    }
  }

  /** What happens every second to every open project. */
  tick(): void {
    this.#watchClock();
    for (const [id, live] of this.#open) {
      try {
        const reason = this.#whyOver(id, live);
        if (reason !== undefined) this.#retire(id, live, reason);
        else if (live.wasReplaced()) this.#retire(id, live, boardReplaced());
        else if (live.isIdle(this.#options.idle_ms)) this.#retire(id, live);
        else {
          this.#examiner?.watch(id, live, {
            isServed: () => this.opened(id) === live,
            retire: (error) => this.#retire(id, live, error),
          });
          live.tick();
        }
        this.#complaints.delete(id);
      } catch (error) {
        this.#complain(id, error);
      }
    }
  }

  /** Opens a project anew whose board was replaced, so that who listens does not go on in the old log. */
  renew(id: string): void {
    const live = this.#open.get(id);
    if (live?.wasReplaced() === true) this.#retire(id, live, boardReplaced());
  }

  /** Tells everybody who waits or listens to go; requests that have arrived are still done. */
  dismiss(): void {
    this.#isDismissed = true;
    clearInterval(this.#timer);
    this.#examiner?.stop();
    for (const live of this.#open.values()) live.feed.close();
  }

  /** Resolves when all writes are answered and all databases closed, their WAL written back. */
  async close(): Promise<void> {
    this.dismiss();
    await Promise.allSettled(this.#opening.values());
    for (const [id, live] of [...this.#open]) this.#retire(id, live);
    await Promise.all(this.#leaving);
  }

  async #openProject(id: string): Promise<LiveProject> {
    this.#examiner?.refuse(id);
    const live = await this.#openPatiently(id);
    await this.#admit(id, live);
    if (this.#isDismissed) live.feed.close();
    this.#open.set(id, live);
    return live;
  }

  async #openPatiently(id: string): Promise<LiveProject> {
    const { busy_ms } = this.#options;
    const give_up_at = performance.now() + busy_ms;
    for (;;) {
      try {
        return new LiveProject({
          project: this.#openDatabase(id),
          busy_ms,
          needs_grace: performance.now() < this.#unreachableUntil + GRACE_MS,
          onCommit: () => this.#watchClock(),
        });
      } catch (error) {
        const isBusy = error instanceof CodepaktError && error.code === 'busy';
        if (!isBusy || performance.now() > give_up_at) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  /** A board that was found to be damaged is looked at again before anybody gets it. */
  async #admit(id: string, live: LiveProject): Promise<void> {
    try {
      await this.#examiner?.admit(id, live);
    } catch (error) {
      live[Symbol.dispose]();
      this.#examiner?.closed(id);
      throw error;
    }
  }

  #openDatabase(id: string): Project {
    const { data_dir, clock } = this.#options;
    const entry = findProject(data_dir, id);
    if (entry === undefined) throw notRegistered(id);
    const project = openDatabaseFile(databaseFileOf(entry, data_dir), {
      busy_timeout_ms: 0,
      auto_checkpoint: false,
      ...(clock === undefined ? {} : { clock }),
    });
    if (project.id === id) return project;
    project.close();
    throw new CodepaktError('database_foreign', `${project.file} is the board of another project`, {
      hint: 'Run `cpk init` in its folder.',
    });
  }

  #rememberLook(live: LiveProject): void {
    if (this.#lookedAfter.size === 0) setImmediate(() => this.#lookedAfter.clear());
    this.#lookedAfter.add(live);
  }

  /** What those who wait are told when a project is not to be served any more as it was opened. */
  #whyOver(id: string, live: LiveProject): CodepaktError | undefined {
    if (!isRegistered(this.#options.data_dir, id)) return notRegistered(id);
    if (live.isInPlace()) return undefined;
    const { file } = live.project;
    return existsSync(file) ? boardReplaced() : fileGone(file);
  }

  /** Takes a project out of service: who asks for it now opens it anew; what has arrived is still done. */
  #retire(id: string, live: LiveProject, reason?: CodepaktError): void {
    this.#open.delete(id);
    live.feed.close(reason);
    const leaving = live.drained().then(() => {
      this.#writeBack(id, live);
      live[Symbol.dispose]();
      this.#examiner?.closed(id);
      this.#leaving.delete(leaving);
    });
    this.#leaving.add(leaving);
  }

  #writeBack(id: string, live: LiveProject): void {
    try {
      if (live.isInPlace()) live.project.checkpoint();
    } catch (err) {
      // The WAL stays beside the database, and whoever opens it next reads it.
      this.#options.log.info({ project: id, err }, 'a checkpoint was left to the next start');
    }
  }

  #watchClock(): void {
    if (!this.#clockWatch.hasJumped()) return;
    this.#options.log.info('the machine slept or its clock was set: leases are pushed out');
    this.#unreachableUntil = performance.now();
    for (const live of this.#open.values()) live.grace();
  }

  /** A database that stays broken is not to fill the log, a line a second. */
  #complain(id: string, error: unknown): void {
    if (error instanceof CodepaktError && error.code === 'busy') return;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#complaints.get(id) === message) return;
    this.#complaints.set(id, message);
    this.#options.log.warn({ project: id, err: error }, 'the tick of a project failed');
  }
}

/** Under this code a request is sent again, and then finds the board that is there now. */
function boardReplaced(): CodepaktError {
  return new CodepaktError('shutting_down', 'the board was replaced by another one');
}

function notRegistered(id: string): CodepaktError {
  return new CodepaktError('project_not_found', `there is no project ${JSON.stringify(id)} here`, {
    hint: 'Run `cpk init` in its folder; `cpk projects list` shows what is registered.',
  });
}
