/**
 * The words and limits of the domain, free of any library, so that the command line can load them
 * without paying for the schemas.
 */

export const STATUSES = [
  'backlog',
  'open',
  'in-progress',
  'review',
  'done',
  'blocked',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

/** The statuses in which a task counts as resolved for the tasks that depend on it. */
export const RESOLVED_STATUSES = ['review', 'done', 'cancelled'] as const satisfies Status[];

export const PRIORITIES = ['P0', 'P1', 'P2'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const DOC_TYPES = ['operational', 'decision', 'reference', 'learning'] as const;
export type DocType = (typeof DOC_TYPES)[number];

export const EVENT_ACTIONS = [
  'project_created',
  'project_updated',
  'task_created',
  'task_updated',
  'task_pickup',
  'task_released',
  'task_complete',
  'task_approved',
  'task_rejected',
  'task_blocked',
  'task_unblocked',
  'task_cancelled',
  'task_noted',
  'task_verified',
  'deps_met',
  'deps_broken',
  'lease_expired',
  'doc_created',
  'doc_updated',
  'doc_deleted',
  'scan_completed',
  'board_imported',
  'board_restored',
] as const;
export type EventAction = (typeof EVENT_ACTIONS)[number];

export const TASK_SORTS = ['priority', 'id', 'updated_at', 'created_at', 'completed_at'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

/** The name that stands in events and notes where a person acted. */
export const HUMAN = 'human';

/** Lengths count Unicode code points; sizes are bytes; durations are seconds. */
export const LIMITS = {
  title: 200,
  description: 20_000,
  label: 100,
  glob: 500,
  verify: 2_000,
  criterion: 2_000,
  text: 4_000,
  output: 16_000,
  doc_body: 1_048_576,
  section: 200,
  project_name: 100,
  project_description: 2_000,
  search: 500,
  key: 200,
  array: 100,
  depends_on: 1_000,
  batch: 1_000,
  batch_bytes: 33_554_432,
  body_bytes: 4_194_304,
  /** One line of an exported board; an event may hold two states of a doc, or a whole old board. */
  line_bytes: 67_108_864,
  page: 500,
  graph_nodes: 5_000,
  graph_edges: 50_000,
  lease: 31_536_000,
  wait: 60,
} as const;

/** Seconds; a project can set its own. */
export const DEFAULT_LEASE_SECONDS = 7_200;

/** A task whose lease ran out this often is parked for a person. */
export const MAX_EXPIRIES = 3;

export const DEFAULT_PORT = 41_920;

/** Servers and clients of one major understand each other. */
export const API_VERSION = 1;

/** The headers that are codepakt's own. */
export const HEADERS = {
  agent: 'codepakt-agent',
  version: 'codepakt-version',
  api: 'codepakt-api',
  instance: 'codepakt-instance',
} as const;

export const SYMBOL_KINDS = [
  'function',
  'method',
  'class',
  'interface',
  'type',
  'enum',
  'enum_member',
  'variable',
  'constant',
  'property',
  'constructor',
  'namespace',
  'struct',
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

export const IMPORT_KINDS = [
  'import',
  'type',
  'reexport',
  'require',
  'dynamic',
  'side_effect',
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Why a file of a known language is not in the index. */
export const SKIP_REASONS = [
  'too_large',
  'binary',
  'minified',
  'too_complex',
  'unreadable',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
