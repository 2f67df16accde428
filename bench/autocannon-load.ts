import autocannon from 'autocannon';
import type { LoadJob, LoadResult } from './http-load.ts';

/** How often it looks whether its time is over, in milliseconds. */
const SAMPLE_MS = 50;

/** The same load by a generator that many know; it takes its share of the processors. */
export function loadByAutocannon(job: LoadJob): Promise<Omit<LoadResult, 'busy'>> {
  const latencies: number[] = [];
  const began = performance.now();
  let ended = began;
  return new Promise((resolve, reject) => {
    const run = autocannon(optionsOf(job), (error, { errors, mismatches, non2xx }) => {
      if (error !== null) reject(error);
      else if (errors + mismatches + non2xx > 0)
        reject(new Error(`${errors} errors, ${non2xx + mismatches} answers that are no pickup`));
      else resolve({ seconds: (ended - began) / 1_000, latencies });
    });
    run.on('response', (_client, _status, _bytes, latency) => {
      latencies.push(latency);
      ended = performance.now();
    });
  });
}

function optionsOf({ port, path, clients, seconds, round }: LoadJob): autocannon.Options {
  let count = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const name = `${round}-${++count}`;
    const headers = { ...request.headers, 'codepakt-agent': name, 'idempotency-key': name };
    return { ...request, headers };
  };
  return {
    url: `http://127.0.0.1:${port}${path}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    connections: clients,
    duration: seconds,
    sampleInt: SAMPLE_MS,
    requests: [{ setupRequest }],
    verifyBody: (body) => String(body).startsWith('{"task":{'),
  };
}
