import * as Type from 'typebox';
import { Agent } from './agent.ts';
import { BoardLabels, BoardStatus, Health, ImportResult, Metrics, TaskGraph } from './board.ts';
import {
  CodeFolder,
  CodeSearchQuery,
  CodeSummary,
  CyclesQuery,
  DependentsQuery,
  FileDependents,
  FileImports,
  FileOutline,
  FileQuery,
  FolderQuery,
  ImportCycles,
  ImportPath,
  ModuleGraph,
  OrphanFiles,
  OrphansQuery,
  PathQuery,
  SourceQuery,
  SymbolHits,
  SymbolQuery,
  SymbolSource,
} from './code-answers.ts';
import { Doc, DocDeleted, DocHit, DocInput, DocListItem, DocPatch } from './doc.ts';
import type { Endpoint } from './endpoint.ts';
import { Event, UndoResult } from './event.ts';
import { ProjectEntry, ProjectInfo, ProjectPatch } from './project.ts';
import { type Route, routes } from './routes.ts';
import {
  ApprovalResult,
  ApproveRequest,
  BlockRequest,
  CancelRequest,
  DoneRequest,
  HeartbeatRequest,
  NoteRequest,
  PickupRequest,
  PickupResult,
  RejectRequest,
  ReleaseRequest,
  TASK_FIELDS,
  Task,
  TaskBatch,
  TaskDetail,
  TaskHead,
  TaskInput,
  TaskPatch,
  TaskRef,
  TaskResult,
  UnblockRequest,
  VerificationRequest,
} from './task.ts';
import { closed, label, oneOf } from './text.ts';
import { DOC_TYPES, LIMITS, PRIORITIES, STATUSES, TASK_SORTS } from './vocabulary.ts';

const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.page }));
const cursor = Type.Optional(label(LIMITS.key, 'next_cursor of the page before'));
const next_cursor = Type.Unsafe<string | null>({ type: ['string', 'null'] });

function page<S extends Type.TSchema>(items: S) {
  return Type.Object({ items: Type.Array(items), next_cursor });
}

const labelList = Type.Array(label(LIMITS.label), { maxItems: LIMITS.array });

export const TaskListQuery = closed({
  id: Type.Optional(Type.Array(TaskRef, { maxItems: LIMITS.page, description: 'just these' })),
  status: Type.Optional(Type.Array(oneOf(STATUSES))),
  priority: Type.Optional(Type.Array(oneOf(PRIORITIES))),
  assignee: Type.Optional(label(LIMITS.label)),
  epic: Type.Optional(label(LIMITS.label)),
  tag: Type.Optional(labelList),
  ready: Type.Optional(
    Type.Boolean({
      description: 'only what the caller could pick up',
    }),
  ),
  completed_since: Type.Optional(
    Type.String({ format: 'date-time', description: 'finished at this time or later' }),
  ),
  all: Type.Optional(Type.Boolean({ description: 'done and cancelled ones too' })),
  search: Type.Optional(label(LIMITS.search, 'words of the title, the description or the id')),
  sort: Type.Optional(oneOf(TASK_SORTS)),
  fields: Type.Optional(Type.Array(oneOf(TASK_FIELDS))),
  limit,
  cursor,
});
export type TaskListQuery = Type.Static<typeof TaskListQuery>;

export const EventListQuery = closed({
  task: Type.Optional(label(LIMITS.label)),
  doc: Type.Optional(label(LIMITS.label)),
  agent: Type.Optional(label(LIMITS.label)),
  action: Type.Optional(labelList),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'not before this time' })),
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'ids greater than this' })),
  order: Type.Optional(oneOf(['asc', 'desc'], { description: 'desc: newest first' })),
  limit,
  cursor,
});
export type EventListQuery = Type.Static<typeof EventListQuery>;

export const EventStreamQuery = closed({
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: 'ids greater than this; left out: from now on' }),
  ),
  task: Type.Optional(label(LIMITS.label)),
  agent: Type.Optional(label(LIMITS.label)),
  action: Type.Optional(labelList),
});
export type EventStreamQuery = Type.Static<typeof EventStreamQuery>;

export const DocListQuery = closed({
  type: Type.Optional(oneOf(DOC_TYPES)),
  tag: Type.Optional(label(LIMITS.label)),
  bodies: Type.Optional(Type.Boolean()),
  limit,
  cursor,
});
export type DocListQuery = Type.Static<typeof DocListQuery>;

export const DocSearchQuery = closed({
  q: label(LIMITS.search),
  type: Type.Optional(oneOf(DOC_TYPES)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
});
export type DocSearchQuery = Type.Static<typeof DocSearchQuery>;

const task = routes.tasks;

/**
 * Every endpoint, once. Order within a group is the order of the documentation.
 * The type below makes a route without a row here a compile error.
 */
export const endpoints = {
  health: {
    read: { ...routes.health.read, summary: 'Is it alive, and which version', response: Health },
  },
  projects: {
    list: {
      ...routes.projects.list,
      summary: 'The projects registered on this machine',
      response: page(ProjectEntry),
    },
    read: {
      ...routes.projects.read,
      summary: 'One project with its settings',
      response: ProjectInfo,
    },
    update: {
      ...routes.projects.update,
      summary: 'Change name, description or settings',
      body: ProjectPatch,
      response: ProjectInfo,
    },
  },
  tasks: {
    list: {
      ...task.list,
      summary: 'Tasks, 50 at a time, without done and cancelled ones unless asked for',
      query: TaskListQuery,
      response: page(Type.Partial(Task)),
    },
    create: { ...task.create, summary: 'Add a task', body: TaskInput, response: Task, status: 201 },
    createBatch: {
      ...task.createBatch,
      summary: 'Add up to 1,000 tasks, all or none',
      body: TaskBatch,
      response: Type.Object({ items: Type.Array(Task) }),
      status: 201,
      body_limit: LIMITS.batch_bytes,
    },
    pickUp: {
      ...task.pickUp,
      summary: 'Claim the next task that is ready',
      query: closed({
        wait: Type.Optional(
          Type.Integer({ minimum: 0, maximum: LIMITS.wait, description: 'seconds' }),
        ),
      }),
      body: PickupRequest,
      response: PickupResult,
      needs_agent: true,
    },
    read: {
      ...task.read,
      summary: 'One task with what surrounds it',
      response: TaskDetail,
      versioned: true,
    },
    update: {
      ...task.update,
      summary: 'Change any field; null clears one',
      body: TaskPatch,
      response: TaskResult,
      versioned: true,
    },
    done: { ...task.done, summary: 'Finished: to review', body: DoneRequest, response: TaskResult },
    approve: {
      ...task.approve,
      summary: 'Agree that it is finished: to done',
      body: ApproveRequest,
      response: ApprovalResult,
    },
    reject: {
      ...task.reject,
      summary: 'Send back from review',
      body: RejectRequest,
      response: TaskResult,
    },
    block: { ...task.block, summary: 'Cannot go on', body: BlockRequest, response: TaskResult },
    unblock: { ...task.unblock, summary: 'Can go on', body: UnblockRequest, response: TaskResult },
    release: {
      ...task.release,
      summary: 'Give a claimed task back',
      body: ReleaseRequest,
      response: TaskResult,
    },
    cancel: {
      ...task.cancel,
      summary: 'Not to be done any more',
      body: CancelRequest,
      response: TaskResult,
    },
    note: {
      ...task.note,
      summary: 'Add a note',
      body: NoteRequest,
      response: TaskResult,
      status: 201,
    },
    heartbeat: {
      ...task.heartbeat,
      summary: 'Still at it: push the lease out',
      body: HeartbeatRequest,
      response: TaskHead,
      needs_agent: true,
    },
    recordVerification: {
      ...task.recordVerification,
      summary: 'Record a run of the verify command',
      body: VerificationRequest,
      response: TaskResult,
      status: 201,
    },
  },
  agents: {
    list: { ...routes.agents.list, summary: 'Agents and what they hold', response: page(Agent) },
  },
  events: {
    list: {
      ...routes.events.list,
      summary: 'The audit log, newest first',
      query: EventListQuery,
      response: page(Event),
    },
    stream: {
      ...routes.events.stream,
      summary: 'Events as they happen (Server-Sent Events); Last-Event-ID or after resumes',
      query: EventStreamQuery,
      response: Event,
      stream: 'events',
    },
    undo: { ...routes.events.undo, summary: 'The opposite of one event', response: UndoResult },
  },
  docs: {
    list: {
      ...routes.docs.list,
      summary: 'Docs',
      query: DocListQuery,
      response: page(DocListItem),
    },
    create: {
      ...routes.docs.create,
      summary: 'Write a doc',
      body: DocInput,
      response: Doc,
      status: 201,
    },
    search: {
      ...routes.docs.search,
      summary: 'Full text over titles, tags and bodies',
      query: DocSearchQuery,
      response: Type.Object({ items: Type.Array(DocHit) }),
    },
    read: { ...routes.docs.read, summary: 'One doc', response: Doc, versioned: true },
    update: {
      ...routes.docs.update,
      summary: 'Change a doc',
      body: DocPatch,
      response: Doc,
      versioned: true,
    },
    delete: {
      ...routes.docs.delete,
      summary: 'Delete a doc; its event keeps the text',
      response: DocDeleted,
    },
  },
  code: {
    summary: {
      ...routes.code.summary,
      summary: 'The size of the code, and the files that hold it together',
      response: CodeSummary,
    },
    search: {
      ...routes.code.search,
      summary: 'Declarations by words of their names and comments',
      query: CodeSearchQuery,
      response: SymbolHits,
    },
    symbols: {
      ...routes.code.symbols,
      summary: 'Declarations by name, kind and file',
      query: SymbolQuery,
      response: SymbolHits,
    },
    folder: {
      ...routes.code.folder,
      summary: 'What lies directly in a folder',
      query: FolderQuery,
      response: CodeFolder,
    },
    outline: {
      ...routes.code.outline,
      summary: 'The declarations of a file',
      query: FileQuery,
      response: FileOutline,
    },
    source: {
      ...routes.code.source,
      summary: 'The text of one declaration, unless its file was changed since the scan',
      query: SourceQuery,
      response: SymbolSource,
    },
    imports: {
      ...routes.code.imports,
      summary: 'What a file imports',
      query: FileQuery,
      response: FileImports,
    },
    dependents: {
      ...routes.code.dependents,
      summary: 'Which files import a file',
      query: DependentsQuery,
      response: FileDependents,
    },
    cycles: {
      ...routes.code.cycles,
      summary: 'Files that import each other in a circle',
      query: CyclesQuery,
      response: ImportCycles,
    },
    orphans: {
      ...routes.code.orphans,
      summary: 'Files that nothing imports',
      query: OrphansQuery,
      response: OrphanFiles,
    },
    path: {
      ...routes.code.path,
      summary: 'A shortest way of imports from one file to another',
      query: PathQuery,
      response: ImportPath,
    },
    modules: {
      ...routes.code.modules,
      summary: 'The folders and which import which',
      response: ModuleGraph,
    },
  },
  board: {
    status: {
      ...routes.board.status,
      summary: 'Counts, blocked tasks, agents',
      response: BoardStatus,
    },
    labels: {
      ...routes.board.labels,
      summary: 'The epics, tags and assignees that tasks have',
      response: BoardLabels,
    },
    graph: {
      ...routes.board.graph,
      summary: 'The dependency graph and its critical path',
      query: closed({
        all: Type.Optional(Type.Boolean({ description: 'done and cancelled ones too' })),
        epic: Type.Optional(label(LIMITS.label)),
      }),
      response: TaskGraph,
    },
    metrics: {
      ...routes.board.metrics,
      summary: 'Burn-up and cycle times, from the events',
      query: closed({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })) }),
      response: Metrics,
    },
    export: {
      ...routes.board.export,
      summary: 'The whole board as JSON lines',
      response: Type.String(),
      stream: 'jsonl-out',
    },
    import: {
      ...routes.board.import,
      summary: 'An exported board into an empty one',
      response: ImportResult,
      status: 201,
      stream: 'jsonl-in',
    },
  },
} as const satisfies EndpointsOf<typeof routes>;

type EndpointsOf<R extends Record<string, Record<string, Route>>> = {
  [Group in keyof R]: { [Name in keyof R[Group]]: Endpoint };
};
