import { CodepaktError } from '@codepakt/contract/light';
import { collectText } from './collect-text.ts';
import { lost } from './to-error.ts';
import type { Transport, TransportRequest } from './transport.ts';

/** For browsers, and wherever else there is `fetch`. `base` is the server's address; left out: the page's own. */
export function createFetchTransport(base = ''): Transport {
  return {
    async send(request) {
      const response = await call(base, request);
      return { ...headOf(response), body: await response.text().catch(toLost) };
    },
    async open(request) {
      const response = await call(base, request);
      return { ...headOf(response), body: readText(response) };
    },
  };
}

async function call(base: string, request: TransportRequest): Promise<Response> {
  const { body, signal, timeout_ms } = request;
  const signals = [
    ...(signal === undefined ? [] : [signal]),
    ...(timeout_ms === undefined ? [] : [AbortSignal.timeout(timeout_ms)]),
  ];
  return fetch(base + request.path, {
    method: request.method,
    headers: { ...request.headers },
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    // Browsers can't send a stream over HTTP/1.1.
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : await collectText(body) }),
  }).catch(toLost);
}

function toLost(cause: unknown): never {
  if (cause instanceof DOMException && cause.name === 'AbortError') {
    throw new CodepaktError('interrupted', 'the request was called off', { cause });
  }
  const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
  throw lost(timedOut ? 'timeout' : 'lost', 'the server can not be reached', cause);
}

function headOf(response: Response): { status: number; headers: Record<string, string> } {
  return { status: response.status, headers: Object.fromEntries(response.headers) };
}

async function* readText(response: Response): AsyncGenerator<string, void, undefined> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(toLost);
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    // Whoever stops listening closes the connection; it may be closed already.
    await reader.cancel().catch(() => undefined);
  }
}
