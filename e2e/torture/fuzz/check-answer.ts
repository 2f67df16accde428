import { boardLines, Problem, validatorOf } from '../../../packages/contract/src/index.ts';
import { type FuzzRequest, nameOf } from './requests.ts';
import type { Answer } from './send.ts';

/** What is wrong with an answer, by the contract alone; undefined when nothing is. */
export function faultIn(request: FuzzRequest, answer: Answer): string | undefined {
  const { endpoint, method } = request;
  const { status, text } = answer;
  const fault = (what: string) =>
    `${method} ${request.url} (${nameOf(endpoint)}): ${what}; sent ${shown(request)}; answered ${status} ${text.slice(0, 300)}`;
  if (status === 0) return fault('no answer');
  if (status >= 500) return fault(`status ${status}`);
  if (method === 'HEAD') return text === '' ? undefined : fault('HEAD has a body');
  if (status >= 400) {
    const problem = problemIn(answer);
    return problem === undefined ? undefined : fault(problem);
  }
  if (method !== endpoint.method) return undefined;
  if (status !== (endpoint.status ?? 200)) return fault('another status than the contract says');
  if (isRefusable(request)) return fault('accepted, though the schema says no');
  const violation = violationIn(request, answer);
  return violation === undefined ? undefined : fault(violation);
}

/** Whether a request can't be in order: its body does not fit the schema. */
function isRefusable({ endpoint, body, said }: FuzzRequest): boolean {
  if (endpoint.method === 'GET' || endpoint.stream === 'jsonl-in') return false;
  if (body === undefined || body.length === 0) return false;
  if (said === undefined) return true;
  if (endpoint.body !== undefined) return !validatorOf(endpoint.body).Check(said);
  const isEmpty = typeof said === 'object' && said !== null && Object.keys(said).length === 0;
  return !isEmpty || Array.isArray(said);
}

function problemIn({ status, type, text }: Answer): string | undefined {
  if (!type.startsWith('application/problem+json')) return `an error that is ${type}`;
  const problem = parsed(text);
  if (!validatorOf(Problem).Check(problem)) return 'an error that is no problem document';
  const { status: told, detail } = problem as Problem;
  if (told !== status) return `an error that says ${told}`;
  return /\bat .*\.(?:js|ts):\d+/.test(detail) ? 'an error that shows a stack' : undefined;
}

function violationIn({ endpoint }: FuzzRequest, { type, text }: Answer): string | undefined {
  if (endpoint.stream === 'events') {
    return type.startsWith('text/event-stream') ? undefined : `a stream that is ${type}`;
  }
  if (endpoint.stream === 'jsonl-out') return brokenLine(text);
  if (!type.startsWith('application/json')) return `an answer that is ${type}`;
  const body = parsed(text);
  const validator = validatorOf(endpoint.response);
  if (validator.Check(body)) return undefined;
  return `an answer that violates its schema: ${JSON.stringify(validator.Errors(body).slice(0, 3))}`;
}

/** A board grows to millions of lines: those at both ends, and some between. */
const LOOKED_AT = 100;

function brokenLine(text: string): string | undefined {
  const lines = text.trimEnd().split('\n');
  for (const [at, line] of lines.entries()) {
    const isAtEnd = at < LOOKED_AT || at >= lines.length - LOOKED_AT;
    if (!isAtEnd && at % LOOKED_AT !== 0) continue;
    const value = parsed(line) as { kind?: keyof typeof boardLines } | undefined;
    const schema = value?.kind === undefined ? undefined : boardLines[value.kind];
    if (schema === undefined || !validatorOf(schema).Check(value)) {
      return `a line that is none of a board: ${line.slice(0, 200)}`;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}

function shown({ headers, body }: FuzzRequest): string {
  return `${JSON.stringify(headers)} ${body?.toString('latin1').slice(0, 300) ?? ''}`;
}
