import { isUtf8 } from 'node:buffer';
import {
  CodepaktError,
  HEADERS,
  inputErrors,
  invalidInput,
  LIMITS,
  label,
  validatorOf,
} from '@codepakt/contract';
import type { FastifyRequest } from 'fastify';
import type * as Type from 'typebox';

const AgentName = label(LIMITS.label);
const Key = label(LIMITS.key);

/** The agent that a request names; undefined is a person. */
export function readAgent({ headers }: FastifyRequest): string | undefined {
  return readText(headers[HEADERS.agent], AgentName, 'Codepakt-Agent');
}

/** The agent, where there has to be one. */
export function requireAgent(request: FastifyRequest): string {
  const agent = readAgent(request);
  if (agent !== undefined) return agent;
  throw new CodepaktError('agent_required', 'this needs to know which agent asks', {
    hint: 'Name it with --agent or CPK_AGENT; over HTTP with the header Codepakt-Agent.',
  });
}

export function readIdempotencyKey({ headers }: FastifyRequest): string | undefined {
  return readText(headers['idempotency-key'], Key, 'Idempotency-Key');
}

/** The version that a change was made from; `*` and no header ask for none. */
export function readIfMatch({ headers }: FastifyRequest): number | undefined {
  const given = headers['if-match']?.trim();
  if (given === undefined || given === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(given)?.[1];
  if (version !== undefined) return Number(version);
  throw invalidInput(
    [{ path: '', message: 'is not an ETag of this server, like "3"' }],
    'If-Match',
  );
}

/** Where an event stream goes on: the header that browsers send when they connect again. */
export function readLastEventId({ headers }: FastifyRequest): number | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given);
  throw invalidInput([{ path: '', message: 'is not the id of an event' }], 'Last-Event-ID');
}

function readText(
  given: string | string[] | undefined,
  schema: Type.TSchema,
  header: string,
): string | undefined {
  if (given === undefined) return undefined;
  const text = decodeHeader(String(given));
  const validator = validatorOf(schema);
  if (text !== undefined && validator.Check(text)) return text;
  const errors =
    text === undefined
      ? [{ path: '', message: 'is not valid UTF-8 or percent-encoding' }]
      : inputErrors(validator, text);
  throw invalidInput(errors, header);
}

/** Beyond ASCII a value is percent-encoded, or the bytes of its UTF-8 as they are. */
function decodeHeader(given: string): string | undefined {
  let text = given;
  if (/[^\x20-\x7e]/.test(given)) {
    const bytes = Buffer.from(given, 'latin1');
    if (!isUtf8(bytes)) return undefined;
    text = bytes.toString('utf8');
  }
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
