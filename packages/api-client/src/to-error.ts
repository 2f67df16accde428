import type { Problem } from '@codepakt/contract';
import { CodepaktError, isErrorCode, SANDBOX_HINT } from '@codepakt/contract/light';
import type { LostReason } from './transport.ts';

/** The error that a server's answer stands for: the very one it threw, when it is one of ours. */
export function toError(status: number, body: string): CodepaktError {
  const problem = parseProblem(body);
  if (problem?.code === undefined) {
    return lost('not_codepakt', `the server answered ${status}, but not as codepakt does`);
  }
  const { code, detail = `the server answered ${status}`, hint, errors, details } = problem;
  if (!isErrorCode(code)) {
    // A newer server may know errors that we don't.
    return new CodepaktError('internal', detail, { details: { ...details, code, status } });
  }
  return new CodepaktError(code, detail, {
    ...(hint === undefined ? {} : { hint }),
    ...(errors === undefined ? {} : { errors }),
    ...(details === undefined ? {} : { details }),
  });
}

/** The error for an answer that did not arrive. */
export function lost(reason: LostReason, message: string, cause?: unknown): CodepaktError {
  return new CodepaktError('server_unreachable', message, {
    details: { reason },
    ...(reason === 'forbidden' ? { hint: SANDBOX_HINT } : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Why a connection failed, when this error is about that. */
export function lostReason(error: unknown): LostReason | undefined {
  if (!(error instanceof CodepaktError) || error.code !== 'server_unreachable') return undefined;
  return error.details?.reason as LostReason | undefined;
}

function parseProblem(
  body: string,
): (Partial<Omit<Problem, 'code'>> & { code?: string }) | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    // Not JSON, so not a problem of ours: the caller says so.
    return undefined;
  }
}
