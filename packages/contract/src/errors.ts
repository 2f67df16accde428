/** Every way in which an operation can fail. The server's status table and the CLI's exit table are total over it. */
export const ERROR_CODES = [
  // what was sent is wrong
  'invalid_input',
  'malformed_body',
  'unsupported_media_type',
  'too_large',
  'headers_too_large',
  'request_timeout',
  'unknown_dependency',
  'circular_dependency',
  'agent_required',
  'reason_required',
  'idempotency_mismatch',
  'wrong_usage',
  // not there
  'task_not_found',
  'doc_not_found',
  'event_not_found',
  'project_not_found',
  'file_not_found',
  'symbol_not_found',
  'route_not_found',
  'method_not_allowed',
  // there, but in another state
  'lost_claim',
  'wrong_status',
  'already_taken',
  'self_approval',
  'stale_version',
  'undo_refused',
  'board_not_empty',
  'wait_unreachable',
  'index_out_of_date',
  'nothing_to_pick_up',
  'wait_timeout',
  'verify_failed',
  // not let in
  'unauthorized',
  'forbidden_origin',
  'wrong_host',
  'too_many_requests',
  // the machine
  'busy',
  'shutting_down',
  'disk_full',
  'read_only',
  'database_damaged',
  'database_newer',
  'database_foreign',
  'database_legacy',
  'database_unsafe',
  'server_unreachable',
  'server_incompatible',
  'server_unhealthy',
  'port_taken',
  'already_running',
  'interrupted',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing that is wrong with an input: where (`/tasks/3/title`) and what. */
export interface InputError {
  path: string;
  message: string;
}

export interface CodepaktErrorOptions {
  /** What to do next, in one sentence. */
  hint?: string;
  cause?: unknown;
  /** What a program may want to know besides, such as the present holder of a claim. */
  details?: Record<string, unknown>;
  /** For `invalid_input`: each wrong field. */
  errors?: InputError[];
}

/** The one error that crosses layers: thrown by core, sent by the server, thrown again by the client. */
export class CodepaktError extends Error {
  override readonly name = 'CodepaktError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly errors: InputError[] | undefined;

  constructor(code: ErrorCode, message: string, options: CodepaktErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.errors = options.errors;
  }
}

/** Where a call is kept from the server. Programs let out only what is called plainly. */
export const SANDBOX_HINT =
  "In an agent's sandbox, ask to run this outside of it, as a command of its own: no pipe, no &&, no variable before it.";

/** Whether a string is one of our error codes, for reading answers of a server. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (ERROR_CODES as readonly string[]).includes(value);
}
