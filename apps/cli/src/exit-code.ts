import type { ErrorCode } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';

const UNEXPECTED = 1;
const USAGE = 2;
const NOT_FOUND = 3;
const CONFLICT = 4;
const NOTHING = 5;
const UNREACHABLE = 6;
const VERIFY_FAILED = 7;

/** The exit code of each error: a new one does not compile until it has a place here. */
const EXIT_CODES: Record<ErrorCode, number> = {
  invalid_input: USAGE,
  malformed_body: USAGE,
  unsupported_media_type: USAGE,
  too_large: USAGE,
  headers_too_large: USAGE,
  unknown_dependency: USAGE,
  circular_dependency: USAGE,
  agent_required: USAGE,
  reason_required: USAGE,
  idempotency_mismatch: USAGE,
  wrong_usage: USAGE,

  task_not_found: NOT_FOUND,
  doc_not_found: NOT_FOUND,
  event_not_found: NOT_FOUND,
  project_not_found: NOT_FOUND,
  file_not_found: NOT_FOUND,
  symbol_not_found: NOT_FOUND,

  lost_claim: CONFLICT,
  wrong_status: CONFLICT,
  already_taken: CONFLICT,
  self_approval: CONFLICT,
  stale_version: CONFLICT,
  undo_refused: CONFLICT,
  board_not_empty: CONFLICT,
  wait_unreachable: CONFLICT,
  index_out_of_date: CONFLICT,
  already_running: CONFLICT,
  database_newer: CONFLICT,
  database_foreign: CONFLICT,
  database_legacy: CONFLICT,

  nothing_to_pick_up: NOTHING,
  wait_timeout: NOTHING,

  unauthorized: UNREACHABLE,
  forbidden_origin: UNREACHABLE,
  wrong_host: UNREACHABLE,
  too_many_requests: UNREACHABLE,
  shutting_down: UNREACHABLE,
  server_unreachable: UNREACHABLE,
  server_incompatible: UNREACHABLE,
  port_taken: UNREACHABLE,

  verify_failed: VERIFY_FAILED,

  request_timeout: UNEXPECTED,
  route_not_found: UNEXPECTED,
  method_not_allowed: UNEXPECTED,
  busy: UNEXPECTED,
  disk_full: UNEXPECTED,
  read_only: UNEXPECTED,
  database_damaged: UNEXPECTED,
  database_unsafe: UNEXPECTED,
  server_unhealthy: UNEXPECTED,
  internal: UNEXPECTED,

  interrupted: 130,
};

/** What the process exits with after this error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CodepaktError ? EXIT_CODES[error.code] : UNEXPECTED;
}
