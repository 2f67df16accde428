import {
  type BodyOf,
  CodepaktError,
  closed,
  type Endpoint,
  inputErrors,
  invalidInput,
  LIMITS,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
  TaskRef,
  validatorOf,
} from '@codepakt/contract';
import type { Project } from '@codepakt/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_OF } from './error-handler.ts';
import type { LiveProject } from './projects/live-project.ts';
import { readAgent, readIdempotencyKey, readIfMatch, requireAgent } from './read-headers.ts';
import { type RawQuery, readQuery } from './read-query.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row of the contract's table that a route serves. */
    endpoint?: Endpoint;
    /** Served without a token: the way to log in. */
    is_open?: boolean;
  }
}

type AgentOf<E extends Endpoint> = E extends { readonly needs_agent: true }
  ? string
  : string | undefined;

/** A request as its handler sees it: everything checked against the endpoint's schemas. */
export interface Call<E extends Endpoint> {
  request: FastifyRequest;
  reply: FastifyReply;
  params: ParamsOf<E>;
  query: QueryOf<E>;
  body: BodyOf<E>;
  agent: AgentOf<E>;
}

export interface ReadCall<E extends Endpoint> extends Call<E> {
  live: LiveProject;
  project: Project;
}

export interface WriteCall<E extends Endpoint> extends Call<E> {
  project: Project;
  /** The version that If-Match names. */
  if_match: number | undefined;
}

type Answer<E extends Endpoint> = E extends { readonly stream: 'events' | 'jsonl-out' }
  ? NodeJS.ReadableStream
  : ResponseOf<E>;

/** An answer that is written out already. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const NoBody = closed({});

/** Serves one endpoint of the table: its path, its checks, its status and the types of its handler. */
export function register<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: (call: Call<E>) => Answer<E> | Promise<Answer<E> | JsonText>,
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: endpoint.body_limit ?? LIMITS.body_bytes,
    // HEAD of a stream would have to produce the whole stream.
    exposeHeadRoute: endpoint.stream === undefined,
    config: { endpoint },
    handler: async (request, reply) => {
      const answer = await handler(toCall(endpoint, request, reply));
      if (endpoint.status !== undefined) reply.code(endpoint.status);
      if (endpoint.versioned === true) reply.header('etag', `"${versionOf(answer)}"`);
      if (!(answer instanceof JsonText)) return answer;
      reply.type('application/json; charset=utf-8');
      return answer.text;
    },
  });
}

/** An endpoint that reads one project. A read that names an agent is a sign of its life. */
export function registerRead<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: (call: ReadCall<E>) => Answer<E> | Promise<Answer<E>>,
): void {
  register(app, endpoint, async (call) => {
    const live = await useProject(app, call.params);
    if (call.agent !== undefined) touch(live, call.agent, call.request);
    return handler({ ...call, live, project: live.read() });
  });
}

/**
 * An endpoint that changes one project. The handler runs inside the transaction that commits it,
 * and not at all when the request's idempotency key was seen before.
 */
export function registerWrite<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: (call: WriteCall<E>) => ResponseOf<E>,
  location?: (call: Call<E>, answer: ResponseOf<E>) => string,
): void {
  register(app, endpoint, async (call) => {
    const live = await useProject(app, call.params);
    const { project } = live;
    const if_match = endpoint.versioned === true ? readIfMatch(call.request) : undefined;
    const work = once(call, project, () => handler({ ...call, project, if_match }));
    const answer = await live.write(work).catch((refusal: unknown) => {
      if (call.agent !== undefined && isAnswer(refusal)) touch(live, call.agent, call.request);
      throw refusal;
    });
    if (location !== undefined) call.reply.header('location', location(call, answer));
    return answer as Answer<E>;
  });
}

/** Whether the board itself said no: that left nothing behind, not even that the agent was here. */
function isAnswer(refusal: unknown): boolean {
  return refusal instanceof CodepaktError && STATUS_OF[refusal.code] < 500;
}

/** The work under the request's idempotency key: repeated, it answers as before and does nothing. */
export function once<T>(call: Call<Endpoint>, project: Project, work: () => T): () => T {
  const key = readIdempotencyKey(call.request);
  if (key === undefined) return work;
  const fingerprint = fingerprintOf(call);
  return () => project.once(key, fingerprint, work);
}

/** The same for an answer that is only handed on: under a key it is written out once, to be kept and sent. */
export function onceAsText<T>(
  call: Call<Endpoint>,
  project: Project,
  work: () => T,
): () => T | JsonText {
  const key = readIdempotencyKey(call.request);
  if (key === undefined) return work;
  const fingerprint = fingerprintOf(call);
  return () => new JsonText(project.onceAsText(key, fingerprint, work));
}

function fingerprintOf({ request, agent }: Call<Endpoint>): string {
  const path = request.url.split('?', 1)[0];
  return `${request.method} ${path} ${agent ?? ''} ${request.bodyDigest}`;
}

/** The project that a path names, opened if need be. */
export async function useProject(
  app: FastifyInstance,
  params: Readonly<Record<string, string>>,
): Promise<LiveProject> {
  const id = params.project ?? '';
  return app.projects.opened(id) ?? app.projects.use(id);
}

/** Notes that an agent has shown itself, whatever becomes of its request. */
export function touch(live: LiveProject, agent: string, request: FastifyRequest): void {
  live
    .write(() => live.project.agents.touch(agent))
    // The request itself goes on; the agent's next call is the next sign of its life.
    .catch((err: unknown) => request.log.debug({ err }, 'a sign of life was lost'));
}

function toCall<E extends Endpoint>(
  endpoint: E,
  request: FastifyRequest,
  reply: FastifyReply,
): Call<E> {
  const agent = endpoint.needs_agent === true ? requireAgent(request) : readAgent(request);
  return {
    request,
    reply,
    agent: agent as AgentOf<E>,
    params: readParams(request.params) as ParamsOf<E>,
    query: readQuery(endpoint.query, request.query as RawQuery) as QueryOf<E>,
    body: readBody(endpoint, request.body) as BodyOf<E>,
  };
}

function readParams(params: unknown): unknown {
  const validator = validatorOf(TaskRef);
  for (const [name, value] of Object.entries(params as Record<string, unknown>)) {
    if (validator.Check(value)) continue;
    const errors = inputErrors(validator, value).map(({ message }) => ({
      path: `/${name}`,
      message,
    }));
    throw invalidInput(errors, 'path');
  }
  return params;
}

/** A body left out is an empty one. Nothing is coerced: what does not fit is refused. */
function readBody(endpoint: Endpoint, given: unknown): unknown {
  if (endpoint.method === 'GET' || endpoint.stream === 'jsonl-in') return given;
  const body = given === undefined ? {} : given;
  const validator = validatorOf(endpoint.body ?? NoBody);
  if (validator.Check(body)) return body;
  throw invalidInput(inputErrors(validator, body), 'body');
}

function versionOf(answer: unknown): number {
  const version = (answer as { version?: unknown }).version;
  if (typeof version === 'number') return version;
  throw new CodepaktError('internal', 'a versioned answer has no version');
}
