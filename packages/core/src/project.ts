import {
  type Agent,
  type ApprovalResult,
  ApproveRequest,
  BlockRequest,
  type BoardLabels,
  type BoardStatus,
  CancelRequest,
  CodepaktError,
  check,
  type Doc,
  type DocDeleted,
  type DocHit,
  DocInput,
  type DocListItem,
  DocListQuery,
  DocPatch,
  DocSearchQuery,
  DoneRequest,
  type Event,
  EventListQuery,
  type EventStreamQuery,
  HeartbeatRequest,
  type ImportResult,
  type Metrics,
  NoteRequest,
  PickupRequest,
  type PickupResult,
  type ProjectInfo,
  ProjectPatch,
  RejectRequest,
  ReleaseRequest,
  type Task,
  TaskBatch,
  type TaskDetail,
  type TaskGraph,
  type TaskHead,
  TaskInput,
  TaskListQuery,
  TaskPatch,
  type TaskResult,
  UnblockRequest,
  type UndoResult,
  VerificationRequest,
} from '@codepakt/contract';
import { requireAgentName } from './agents/agent-name.ts';
import { listAgents } from './agents/list-agents.ts';
import { touchAgent } from './agents/touch-agent.ts';
import { boardLabels } from './board/board-labels.ts';
import { boardStatus } from './board/board-status.ts';
import { type BoardCopy, copyToExport, exportBoard } from './board/export-board.ts';
import { type GraphQuery, taskGraph } from './board/graph.ts';
import { importBoard, isEmpty } from './board/import-board.ts';
import { MetricsLog } from './board/metrics.ts';
import { importStaged, type StagedBoard, stageBoard } from './board/stage-board.ts';
import type { Clock } from './clock.ts';
import { CodeIndex } from './code/code-index.ts';
import { boardConnection } from './code/connection.ts';
import type { By, Context } from './context.ts';
import type { Database } from './database/database.ts';
import { GroupWriter, type Settled } from './database/group-writer.ts';
import { WalFiles } from './database/wal-files.ts';
import { createDoc } from './docs/create-doc.ts';
import { deleteDoc } from './docs/delete-doc.ts';
import { getDoc, listDocs } from './docs/find-docs.ts';
import { searchDocs } from './docs/search-docs.ts';
import { updateDoc } from './docs/update-doc.ts';
import { eventsAfter, lastEventId, lastRestore, listEvents } from './events/find-events.ts';
import { undoEvent } from './events/undo-event.ts';
import { forgetOldKeys, hasOldKeys, once, onceAsText } from './idempotency.ts';
import { projectInfo, updateProject } from './project-info.ts';
import { approveTask } from './tasks/approve-task.ts';
import { blockTask } from './tasks/block-task.ts';
import { cancelTask } from './tasks/cancel-task.ts';
import { createTasks } from './tasks/create-tasks.ts';
import { doneTask } from './tasks/done-task.ts';
import { listTasks } from './tasks/find-tasks.ts';
import { heartbeatTask } from './tasks/heartbeat-task.ts';
import { expireLeases, graceLeases, hasExpiredLeases } from './tasks/leases.ts';
import { getTask } from './tasks/load-task.ts';
import { noteTask } from './tasks/note-task.ts';
import { pickUpTask } from './tasks/pick-up-task.ts';
import { recordVerification } from './tasks/record-verification.ts';
import { rejectTask } from './tasks/reject-task.ts';
import { releaseTask } from './tasks/release-task.ts';
import { unblockTask } from './tasks/unblock-task.ts';
import { updateTask } from './tasks/update-task.ts';

type Page<T> = { items: T[]; next_cursor: string | null };
type IfMatch = { if_match?: number | undefined };

/**
 * One project's board, on one connection. Every change is one transaction that also writes its
 * event; every method throws `CodepaktError`. Close it, or declare it with `using`.
 */
export class Project {
  readonly id: string;
  readonly file: string;
  readonly #ctx: Context;
  readonly #walFiles: WalFiles;
  readonly #metrics: MetricsLog;
  readonly #writer: GroupWriter;

  constructor(db: Database, clock: Clock) {
    this.#ctx = { db, clock };
    this.#writer = new GroupWriter(db, () => expireLeases(this.#ctx));
    this.#metrics = new MetricsLog(this.#ctx);
    this.file = db.file;
    this.id = projectInfo(this.#ctx).id;
    this.#walFiles = new WalFiles(db);
  }

  close(): void {
    this.#ctx.db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  info(): ProjectInfo {
    return projectInfo(this.#ctx);
  }

  update(patch: ProjectPatch, by: By = {}): ProjectInfo {
    check(ProjectPatch, patch);
    return this.#act(by, () => updateProject(this.#ctx, patch, by));
  }

  readonly tasks = {
    create: (input: TaskInput, by: By = {}): Task => {
      check(TaskInput, input);
      const [task] = this.#act(by, () => createTasks(this.#ctx, [input], by));
      if (task === undefined) throw new Error('one input makes one task');
      return task;
    },
    createBatch: (tasks: TaskInput[], by: By = {}): Task[] => {
      check(TaskBatch, { tasks });
      return this.#act(by, () => createTasks(this.#ctx, tasks, by));
    },
    list: (query: TaskListQuery = {}, by: By = {}): Page<Partial<Task>> =>
      listTasks(this.#ctx, check(TaskListQuery, query, 'query'), by),
    get: (id: string): TaskDetail => getTask(this.#ctx, id),
    pickUp: (request: PickupRequest & { agent: string }): PickupResult => {
      this.#checked(PickupRequest, request);
      requireAgentName(request.agent);
      return this.write(() => pickUpTask(this.#ctx, request));
    },
    update: (id: string, patch: TaskPatch, options: By & IfMatch = {}): TaskResult => {
      check(TaskPatch, patch);
      return this.#act(options, () => updateTask(this.#ctx, id, patch, options));
    },
    done: (id: string, request: DoneRequest & By = {}): TaskResult => {
      const by = this.#checked(DoneRequest, request);
      return this.#act(by, () => doneTask(this.#ctx, id, request));
    },
    approve: (id: string, request: ApproveRequest & By = {}): ApprovalResult => {
      const by = this.#checked(ApproveRequest, request);
      return this.#act(by, () => approveTask(this.#ctx, id, request));
    },
    reject: (id: string, request: RejectRequest & By = {}): TaskResult => {
      const by = this.#checked(RejectRequest, request);
      return this.#act(by, () => rejectTask(this.#ctx, id, request));
    },
    block: (id: string, request: BlockRequest & By = {}): TaskResult => {
      const by = this.#checked(BlockRequest, request);
      return this.#act(by, () => blockTask(this.#ctx, id, request));
    },
    unblock: (id: string, request: UnblockRequest & By = {}): TaskResult => {
      const by = this.#checked(UnblockRequest, request);
      return this.#act(by, () => unblockTask(this.#ctx, id, request));
    },
    release: (id: string, request: ReleaseRequest & By = {}): TaskResult => {
      const by = this.#checked(ReleaseRequest, request);
      return this.#act(by, () => releaseTask(this.#ctx, id, request));
    },
    cancel: (id: string, request: CancelRequest & By = {}): TaskResult => {
      const by = this.#checked(CancelRequest, request);
      return this.#act(by, () => cancelTask(this.#ctx, id, request));
    },
    note: (id: string, request: NoteRequest & By): TaskResult => {
      const by = this.#checked(NoteRequest, request);
      return this.#act(by, () => noteTask(this.#ctx, id, request));
    },
    heartbeat: (id: string, request: HeartbeatRequest & { agent: string }): TaskHead => {
      const by = this.#checked(HeartbeatRequest, request);
      return this.#act(by, () => heartbeatTask(this.#ctx, id, request));
    },
    recordVerification: (id: string, request: VerificationRequest & By): TaskResult => {
      const by = this.#checked(VerificationRequest, request);
      return this.#act(by, () => recordVerification(this.#ctx, id, request));
    },
  };

  readonly agents = {
    list: (): Agent[] => listAgents(this.#ctx),
    /** A sign of life of an agent that only reads. Not worth failing a read for. */
    touch: (name: string): void => this.#touch(name),
  };

  readonly events = {
    list: (query: EventListQuery = {}): Page<Event> =>
      listEvents(this.#ctx, check(EventListQuery, query, 'query')),
    /** At most `limit` events after `id`, oldest first. */
    after: (id: number, filter: Omit<EventStreamQuery, 'after'>, limit: number): Event[] =>
      eventsAfter(this.#ctx, id, filter, limit),
    lastId: (): number => lastEventId(this.#ctx),
    undo: (id: string | number, by: By = {}): UndoResult =>
      this.#act(by, () => undoEvent(this.#ctx, id, by)),
  };

  readonly docs = {
    create: (input: DocInput, by: By = {}): Doc => {
      check(DocInput, input);
      return this.#act(by, () => createDoc(this.#ctx, input, by));
    },
    list: (query: DocListQuery = {}): Page<DocListItem> =>
      listDocs(this.#ctx, check(DocListQuery, query, 'query')),
    get: (id: string): Doc => getDoc(this.#ctx, id),
    update: (id: string, patch: DocPatch, options: By & IfMatch = {}): Doc => {
      check(DocPatch, patch);
      return this.#act(options, () => updateDoc(this.#ctx, id, patch, options));
    },
    delete: (id: string, by: By = {}): DocDeleted =>
      this.#act(by, () => deleteDoc(this.#ctx, id, by)),
    search: (query: DocSearchQuery): { items: DocHit[] } =>
      searchDocs(this.#ctx, check(DocSearchQuery, query, 'query')),
  };

  readonly board = {
    status: (): BoardStatus => boardStatus(this.#ctx),
    labels: (): BoardLabels => boardLabels(this.#ctx),
    graph: (query: GraphQuery = {}): TaskGraph => taskGraph(this.#ctx, query),
    metrics: (query: { days?: number } = {}): Metrics => this.#metrics.metrics(query),
    /** Reads some of the events that metrics rest on ahead; answers whether those were the last. */
    readAhead: (events: number): boolean => this.#metrics.readOn(events),
    /** The whole board as JSON lines, without newlines, as it is when the first is asked for. */
    export: (): Iterable<string> => exportBoard(this.#ctx),
    /** The same for who must not open the file twice, or reads slowly: from a copy, made a bit at a time. */
    copyToExport: (): Promise<BoardCopy> => copyToExport(this.#ctx),
    /** Whether nothing has happened on it yet but that it was made. */
    isEmpty: (): boolean => isEmpty(this.#ctx),
    /**
     * Reads an exported board into a database of its own, a bit at a time, which `importStaged` then
     * puts in the place of this one, if that is empty.
     */
    stage: (lines: Iterable<string>): Promise<StagedBoard> => stageBoard(this.#ctx, lines),
    importStaged: (staged: StagedBoard | undefined): ImportResult =>
      this.write(() => importStaged(this.#ctx, staged)),
    /** An exported board into an empty one, all or nothing. */
    import: (lines: Iterable<string>): ImportResult =>
      this.write(() => importBoard(this.#ctx, lines)),
  };

  /** The code index, of the files in `root`; `cpk scan` writes it. */
  code(root: string): CodeIndex {
    return new CodeIndex(boardConnection(this.#ctx.db), root);
  }

  /**
   * One `BEGIN IMMEDIATE` transaction around the work; inside another one, a savepoint. Leases
   * that ran out are applied first, so that nobody acts on a claim that is over.
   */
  write<T>(work: () => T): T {
    return this.#writer.write(work);
  }

  /**
   * Many works in one transaction, so that they share one sync to disk: one that throws leaves
   * nothing behind and does not disturb the others. A work may be run twice. Throws only when the
   * whole could not begin or commit; then nothing was written.
   */
  writeAll(works: readonly (() => unknown)[]): Settled[] {
    return this.#writer.writeAll(works);
  }

  /** Does the work once for a key; to be called inside `write`. See `idempotency.ts`. */
  once<T>(key: string, fingerprint: string, work: () => T): T {
    return once(this.#ctx, key, fingerprint, work);
  }

  /** The same, answered with the JSON that is kept, which is ready to be sent. */
  onceAsText(key: string, fingerprint: string, work: () => unknown): string {
    return onceAsText(this.#ctx, key, fingerprint, work);
  }

  /** The daemon's second: applies what time has brought, and keeps the WAL small. */
  tick(): void {
    if (hasExpiredLeases(this.#ctx)) this.write(() => {});
    if (hasOldKeys(this.#ctx)) this.write(() => forgetOldKeys(this.#ctx));
    if (this.#writer.hasWritten) this.checkpoint();
  }

  /** After a start, a sleep or a clock that jumped: nobody loses a lease that nobody could renew. */
  graceLeases(): void {
    this.#ctx.db.transaction(() => graceLeases(this.#ctx));
  }

  /**
   * Goes on with new files beside the database when somebody has taken the old ones away, and loses
   * nothing by it; for who keeps a project open for long, before each transaction.
   * @throws CodepaktError `database_damaged` when others were put in their place
   */
  keepWal(): void {
    this.#walFiles.keep();
  }

  /** The number of the event that tells of the last restored backup; 0 when there was none. */
  lastRestore(): number {
    return lastRestore(this.#ctx);
  }

  /** Changes when another connection has written. */
  dataVersion(): number {
    return Number(this.#ctx.db.pragma('data_version'));
  }

  /** Moves what the WAL holds into the database, as far as readers allow. */
  checkpoint(): void {
    this.#ctx.db.pragma('wal_checkpoint(PASSIVE)');
    this.#writer.hasWritten = false;
  }

  #act<T>(by: By, work: () => T): T {
    const { agent } = by;
    if (agent === undefined) return this.write(work);
    requireAgentName(agent);
    return this.write(() => {
      touchAgent(this.#ctx, agent);
      return work();
    });
  }

  #touch(name: string): void {
    requireAgentName(name);
    try {
      this.write(() => touchAgent(this.#ctx, name));
    } catch (error) {
      if (!(error instanceof CodepaktError)) throw error;
    }
  }

  /** Checks a request without its actor; answers the actor. */
  #checked(schema: Parameters<typeof check>[0], request: By): By {
    const { agent, ...rest } = request;
    check(schema, rest);
    return { agent };
  }
}
