// The load: a process of its own in which N clients are busy with pickups, one request after the
// other each. As `cpk` does it, with a connection for each call; as programs and the dashboard do it,
// over fetch; over node:http with kept connections; over plain sockets, which cost so little that the
// server alone sets the pace; or by autocannon.
import { Agent, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createFetchTransport, type Transport } from '@codepakt/api-client';
import { createNodeTransport } from '@codepakt/api-client/node';
import { HEADERS } from '@codepakt/contract/light';
import { loadByAutocannon } from './autocannon-load.ts';

export interface LoadJob {
  client: 'autocannon' | 'cpk' | 'fetch' | 'node:http' | 'sockets';
  port: number;
  path: string;
  clients: number;
  seconds: number;
  /** Begins every agent's name and every key: no two rounds have one in common. */
  round: string;
}

export interface LoadResult {
  seconds: number;
  /** Of each answered request, in milliseconds. */
  latencies: number[];
  /** Processor time of the load by second: near 1 it, and no server, sets the pace. */
  busy: number;
}

/** Sends one request and resolves with the body of its answer; rejects unless that is a 200. */
type Ask = (name: string) => Promise<string>;

process.once('message', (job: LoadJob) => {
  measured(job).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function measured(job: LoadJob): Promise<LoadResult> {
  const before = process.cpuUsage();
  const result = await load(job);
  const { user, system } = process.cpuUsage(before);
  return { ...result, busy: (user + system) / 1e6 / result.seconds };
}

async function load(job: LoadJob): Promise<Omit<LoadResult, 'busy'>> {
  if (job.client === 'autocannon') return loadByAutocannon(job);
  const open = OPEN[job.client];
  const connections = await Promise.all(Array.from({ length: job.clients }, () => open(job)));
  const latencies: number[] = [];
  let count = 0;
  const began = performance.now();
  const end = began + job.seconds * 1_000;
  await Promise.all(
    connections.map(async (ask) => {
      while (performance.now() < end) {
        const sent = performance.now();
        // An agent of its own for each pickup, so that none holds more and more; and a key, as cpk sends.
        const body = await ask(`${job.round}-${++count}`);
        if (!body.startsWith('{"task":{')) throw new Error(`not a pickup: ${body.slice(0, 500)}`);
        latencies.push(performance.now() - sent);
      }
    }),
  );
  return { seconds: (performance.now() - began) / 1_000, latencies };
}

const OPEN: Record<
  Exclude<LoadJob['client'], 'autocannon'>,
  (job: LoadJob) => Ask | Promise<Ask>
> = {
  cpk: (job) => overTransport(createNodeTransport(`http://127.0.0.1:${job.port}`), job),
  fetch: (job) => overTransport(createFetchTransport(`http://127.0.0.1:${job.port}`), job),
  'node:http': openHttp,
  sockets: openSocket,
};

function openHttp({ port, path }: LoadJob): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const options = { host: '127.0.0.1', port, path, method: 'POST', agent };
  return (name) =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': 2,
        'codepakt-agent': name,
        'idempotency-key': name,
      };
      const request = httpRequest({ ...options, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.once('end', () => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`${response.statusCode}: ${body}`));
        });
      });
      request.once('error', reject).end('{}');
    });
}

function overTransport(transport: Transport, { path }: LoadJob): Ask {
  return async (name) => {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      [HEADERS.agent]: name,
      'idempotency-key': name,
    };
    const { status, body } = await transport.send({ method: 'POST', path, headers, body: '{}' });
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return body;
  };
}

async function openSocket({ port, path }: LoadJob): Promise<Ask> {
  const socket = await connected(port);
  let received = '';
  let resolve: (body: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
    const body = received.indexOf('\r\n\r\n') + 4;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? Number.NaN);
    if (body < 4 || received.length < body + length) return;
    const answer = received;
    received = '';
    if (answer.startsWith('HTTP/1.1 200')) resolve(answer.slice(body));
    else reject(new Error(answer));
  });
  socket.on('close', () => reject(new Error('the connection was closed')));
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
    'Content-Length: 2\r\n';
  return (name) =>
    new Promise((onAnswer, onError) => {
      resolve = onAnswer;
      reject = onError;
      socket.write(`${head}Codepakt-Agent: ${name}\r\nIdempotency-Key: ${name}\r\n\r\n{}`);
    });
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}
