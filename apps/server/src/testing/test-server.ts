import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BodyOf,
  check,
  type Endpoint,
  fillPath,
  type ParamsOf,
  Problem,
  type QueryOf,
  type ResponseOf,
} from '@codepakt/contract';
import { initProject } from '@codepakt/core';
import type { FastifyInstance } from 'fastify';
import { createServer } from '../app.ts';
import type { ServerOptions } from '../options.ts';

export const VERSION = '1.2.3';

export interface Answer<T> {
  status: number;
  headers: Record<string, unknown>;
  /** Checked against the endpoint's schema. */
  body: T;
}

/** A server with one project, in a folder of its own that goes when it is closed. */
export interface TestServer {
  app: FastifyInstance;
  folder: string;
  data_dir: string;
  project: string;
  /** Calls an endpoint of the table and checks its answer; anything but success fails. */
  call<E extends Endpoint>(
    endpoint: E,
    input?: TestInput<E>,
    headers?: Record<string, string>,
  ): Promise<Answer<ResponseOf<E>>>;
  /** The same, for a call that is to be refused. */
  refused(
    endpoint: Endpoint,
    input?: LooseInput,
    headers?: Record<string, string>,
  ): Promise<Answer<Problem>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The project is filled in where the path names none. */
interface TestInput<E extends Endpoint> {
  params?: Partial<ParamsOf<E>>;
  query?: QueryOf<E>;
  body?: BodyOf<E>;
}

interface LooseInput {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** A data directory and a project in a temporary folder, for one test. */
export function temporaryProject(): {
  folder: string;
  data_dir: string;
  root: string;
  project: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-server-'));
  const data_dir = join(folder, 'data');
  const root = join(folder, 'project');
  mkdirSync(root);
  const { project } = initProject(root, { name: 'test', data_dir });
  return { folder, data_dir, root, project: project.id };
}

export async function testServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const { folder, data_dir, project } = temporaryProject();
  const app = createServer({ data_dir, version: VERSION, ...options });
  await app.ready();

  async function send(endpoint: Endpoint, input: LooseInput, headers: Record<string, string>) {
    const response = await app.inject({
      method: endpoint.method,
      url: fillPath(endpoint.path, { project, ...input.params }) + queryString(input.query ?? {}),
      headers: {
        host: 'localhost',
        ...(endpoint.method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(input.body === undefined ? {} : { payload: JSON.stringify(input.body) }),
    });
    return { status: response.statusCode, headers: response.headers, text: response.body };
  }

  return {
    app,
    folder,
    data_dir,
    project,
    async call(endpoint, input = {}, headers = {}) {
      const { text, ...answer } = await send(endpoint, input as LooseInput, headers);
      if (answer.status !== (endpoint.status ?? 200)) throw new Error(`${answer.status}: ${text}`);
      const body: unknown = check(endpoint.response, JSON.parse(text), 'answer');
      return { ...answer, body: body as ResponseOf<typeof endpoint> };
    },
    async refused(endpoint, input = {}, headers = {}) {
      const { text, ...answer } = await send(endpoint, input, headers);
      if (answer.status < 400) throw new Error(`not refused: ${text}`);
      return { ...answer, body: check(Problem, JSON.parse(text), 'problem') };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function queryString(query: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
