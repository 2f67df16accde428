import { CodepaktError, type ErrorCode, type Problem } from '@codepakt/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isPageRequest } from './plugins/guards.ts';
import { NO_COOKIE } from './plugins/token.ts';

/** Core never says 404: which status an error has is decided here, and nowhere else. */
export const STATUS_OF: Record<ErrorCode, number> = {
  invalid_input: 422,
  malformed_body: 400,
  unsupported_media_type: 415,
  too_large: 413,
  headers_too_large: 431,
  request_timeout: 408,
  unknown_dependency: 422,
  circular_dependency: 422,
  agent_required: 422,
  reason_required: 422,
  idempotency_mismatch: 422,
  wrong_usage: 400,

  task_not_found: 404,
  doc_not_found: 404,
  event_not_found: 404,
  project_not_found: 404,
  file_not_found: 404,
  symbol_not_found: 404,
  route_not_found: 404,
  method_not_allowed: 405,

  lost_claim: 409,
  wrong_status: 409,
  already_taken: 409,
  self_approval: 409,
  stale_version: 412,
  undo_refused: 409,
  board_not_empty: 409,
  wait_unreachable: 409,
  index_out_of_date: 409,
  nothing_to_pick_up: 409,
  wait_timeout: 408,
  verify_failed: 409,

  unauthorized: 401,
  forbidden_origin: 403,
  wrong_host: 421,
  too_many_requests: 429,

  busy: 503,
  shutting_down: 503,
  disk_full: 507,
  read_only: 503,
  database_damaged: 503,
  database_newer: 503,
  database_foreign: 503,
  database_legacy: 503,
  database_unsafe: 503,
  server_unreachable: 503,
  server_incompatible: 503,
  server_unhealthy: 503,
  port_taken: 503,
  already_running: 409,
  interrupted: 503,
  internal: 500,
};

/** Seconds after which trying again makes sense; an error's `details.retry_after` goes before. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = {
  busy: 1,
  shutting_down: 2,
  too_many_requests: 1,
};

export const PROBLEM_TYPE = 'application/problem+json';

/** Answers any error as `application/problem+json`; what is not ours is logged and told without detail. */
export function errorHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toKnownError(error, request);
  const problem = toProblem(known, request.id);
  if (problem.status >= 500 && RETRY_AFTER[known.code] === undefined) {
    request.log.error({ err: error }, 'a request failed');
  }
  reply.errorCode = known.code;
  if (known.code === 'unauthorized') {
    // An old cookie sent again with everything that a page loads would count as guessing.
    if (request.headers.cookie !== undefined) reply.header('set-cookie', NO_COOKIE);
    if (isPageRequest(request)) {
      reply.redirect(loginPage(request.url), 303);
      return;
    }
  }
  reply.code(problem.status).headers(headersOf(known)).type(PROBLEM_TYPE).send(problem);
}

/** Where a person logs in, and from where they then come to what they asked for. */
function loginPage(wanted: string): string {
  return wanted === '/' ? '/login' : `/login?next=${encodeURIComponent(wanted)}`;
}

/** The body of an error's answer. The request id is told where it leads to more: in the log. */
export function toProblem(error: CodepaktError, request_id?: string): Problem {
  const { code, message, hint, errors, details } = error;
  return {
    type: `urn:codepakt:error:${code}`,
    title: code.replaceAll('_', ' '),
    status: STATUS_OF[code],
    code,
    detail: message,
    ...(hint === undefined ? {} : { hint }),
    ...(errors === undefined ? {} : { errors }),
    ...(details === undefined ? {} : { details }),
    ...(code === 'internal' && request_id !== undefined ? { request_id } : {}),
  };
}

function headersOf({ code, details }: CodepaktError): Record<string, string> {
  const headers: Record<string, string> = {};
  const retry = details?.retry_after ?? RETRY_AFTER[code];
  if (typeof retry === 'number') headers['retry-after'] = String(retry);
  if (code === 'unauthorized') headers['www-authenticate'] = 'Bearer';
  if (code === 'method_not_allowed') headers.allow = String(details?.allow);
  return headers;
}

function toKnownError(error: unknown, request: FastifyRequest): CodepaktError {
  if (error instanceof CodepaktError) return error;
  return fromFastify(error as Partial<FastifyError>, request) ?? unknownError(error);
}

function unknownError(cause: unknown): CodepaktError {
  return new CodepaktError('internal', 'Something went wrong inside the server', {
    hint: 'The log has the reason under this request id: `cpk server logs`.',
    cause,
  });
}

/** What Fastify itself refuses, in our words. */
function fromFastify(
  { code, statusCode }: Partial<FastifyError>,
  request: FastifyRequest,
): CodepaktError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new CodepaktError(
        'too_large',
        `the body is larger than ${request.routeOptions.bodyLimit.toLocaleString('en-US')} bytes`,
        { hint: 'Send less at once, such as a smaller batch.' },
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new CodepaktError('unsupported_media_type', 'the body must be application/json');
    case 'FST_ERR_BAD_URL':
      return new CodepaktError('route_not_found', 'the path is not valid percent-encoding');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new CodepaktError('route_not_found', 'a part of the path is too long');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new CodepaktError('malformed_body', 'the body is not as long as Content-Length says');
  }
  // A connection that broke off while its body was read.
  if (statusCode === 400) return new CodepaktError('malformed_body', 'the body broke off');
  return undefined;
}
