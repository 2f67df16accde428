import { Agent, request as httpRequest } from 'node:http';
import type { FuzzRequest } from './requests.ts';

export interface Answer {
  /** 0: the connection broke before there was one. */
  status: number;
  /** The media type. */
  type: string;
  text: string;
}

const PATIENCE_MS = 15_000;

/** Sends requests to one server over kept connections. */
export class Sender {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = new URL(url);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The answer as a whole; of an event stream, just its head. */
  send({ method, url, headers, body, endpoint }: FuzzRequest): Promise<Answer> {
    return new Promise((resolve) => {
      const { hostname: host, port } = this.#url;
      const options = { host, port, method, path: url, agent: this.#agent };
      const length = body === undefined ? {} : { 'content-length': String(body.length) };
      const request = httpRequest(
        { ...options, headers: { ...headers, ...length } },
        (response) => {
          const { statusCode: status = 0 } = response;
          const type = String(response.headers['content-type'] ?? '');
          if (endpoint.stream === 'events' && status === 200) {
            resolve({ status, type, text: '' });
            request.destroy();
            return;
          }
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.once('error', () => resolve({ status: 0, type, text: 'broke off' }));
          response.once('end', () =>
            resolve({ status, type, text: Buffer.concat(pieces).toString('utf8') }),
          );
        },
      );
      request.setTimeout(PATIENCE_MS, () => request.destroy(new Error('no answer in time')));
      request.once('error', (error) => resolve({ status: 0, type: '', text: error.message }));
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
