export { Agent } from './agent.ts';
export {
  BoardCounts,
  BoardLabels,
  BoardStatus,
  Health,
  ImportResult,
  Metrics,
  TaskGraph,
} from './board.ts';
export {
  AgentLine,
  BOARD_FORMAT,
  BoardEndLine,
  BoardHeadLine,
  type BoardLine,
  boardLines,
  DocLine,
  EventLine,
  NoteLine,
  TaskLine,
} from './board-line.ts';
export {
  FileRecord,
  FileStamp,
  ImportedName,
  ImportRecord,
  ImportStatement,
  type KnownImport,
  type KnownIndex,
  type ScanChanges,
  ScanProblem,
  ScanResult,
  SkippedFile,
  SymbolMetadata,
  SymbolRecord,
} from './code.ts';
export { Doc, DocDeleted, DocHit, DocId, DocInput, DocListItem, DocPatch } from './doc.ts';
export type {
  BodyOf,
  Endpoint,
  Endpoints,
  InputOf,
  ParamsOf,
  QueryOf,
  ResponseOf,
} from './endpoint.ts';
export {
  DocListQuery,
  DocSearchQuery,
  EventListQuery,
  EventStreamQuery,
  endpoints,
  TaskListQuery,
} from './endpoints.ts';
export {
  CodepaktError,
  type CodepaktErrorOptions,
  ERROR_CODES,
  type ErrorCode,
  type InputError,
  isErrorCode,
} from './errors.ts';
export { Event, UndoResult } from './event.ts';
export { nearest } from './nearest.ts';
export { Problem } from './problem.ts';
export { ProjectEntry, ProjectInfo, ProjectPatch, Settings } from './project.ts';
export { fillPath, type PathParams, type Route, routes } from './routes.ts';
export {
  ApprovalResult,
  ApproveRequest,
  BlockRequest,
  CancelRequest,
  DoneRequest,
  HeartbeatRequest,
  NoteRequest,
  PickupRequest,
  PickupResult,
  PickupWhy,
  RejectRequest,
  ReleaseRequest,
  TASK_FIELDS,
  Task,
  TaskBatch,
  TaskDetail,
  TaskHead,
  TaskId,
  TaskInput,
  TaskNote,
  TaskPatch,
  TaskRef,
  TaskResult,
  UnblockRequest,
  Verification,
  VerificationRequest,
} from './task.ts';
export { closed, label } from './text.ts';
export { check, inputErrors, invalidInput, validatorOf } from './validate.ts';
export {
  API_VERSION,
  DEFAULT_LEASE_SECONDS,
  DEFAULT_PORT,
  DOC_TYPES,
  type DocType,
  EVENT_ACTIONS,
  type EventAction,
  HEADERS,
  HUMAN,
  IMPORT_KINDS,
  type ImportKind,
  LIMITS,
  MAX_EXPIRIES,
  PRIORITIES,
  type Priority,
  RESOLVED_STATUSES,
  SKIP_REASONS,
  type SkipReason,
  STATUSES,
  type Status,
  SYMBOL_KINDS,
  type SymbolKind,
  TASK_SORTS,
  type TaskSort,
} from './vocabulary.ts';
