import { rmSync } from 'node:fs';
import { request } from 'node:http';
import type { Event } from '@codepakt/contract';
import type { StartOptions } from '../options.ts';
import { type RunningServer, startServer } from '../start.ts';
import { temporaryProject, VERSION } from './test-server.ts';

export interface TestRun extends RunningServer {
  folder: string;
  data_dir: string;
  root: string;
  project: string;
  /** A request over a real connection to a path below the project. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Record<string, unknown>; body: never }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server that listens on a free port, with one project. */
export async function runningServer(options: Partial<StartOptions> = {}): Promise<TestRun> {
  const place = temporaryProject();
  const server = await startServer({
    data_dir: place.data_dir,
    version: VERSION,
    port: 0,
    ...options,
  });
  return {
    ...place,
    ...server,
    send: (method, path, body, headers = {}) =>
      send(server, method, `/api/projects/${place.project}${path}`, body, headers),
    async [Symbol.asyncDispose]() {
      await server.stop();
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}

async function send(
  { url }: { url: string },
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: JSON.parse(text) as never,
  };
}

export interface TestStream {
  status: number;
  headers: Record<string, unknown>;
  /** The events that have arrived so far. */
  events: Event[];
  /** All that has arrived, as it came. */
  text: () => string;
  /** Resolves when the server has ended the answer or broken the connection. */
  ended: Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens an event stream over a connection of its own and collects what comes. */
export function openStream(
  { url, project }: { url: string; project: string },
  query = '',
  headers: Record<string, string> = {},
): Promise<TestStream> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/api/projects/${project}/events/stream${query}`, { headers });
    call.once('error', reject);
    call.once('response', (response) => {
      let text = '';
      const events: Event[] = [];
      let read = 0;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
          const data = /^data: (.*)$/m.exec(text.slice(read, end))?.[1];
          if (data !== undefined) events.push(JSON.parse(data) as Event);
          read = end + 2;
        }
      });
      const ended = new Promise<void>((tell) => {
        response.once('close', tell);
        response.on('error', () => tell());
      });
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        text: () => text,
        ended,
        pause: () => response.pause(),
        resume: () => response.resume(),
        close: () => call.destroy(),
      });
    });
    call.end();
  });
}
