/** What a server said to a request. */
export interface Said {
  status: number;
  /** The code of a problem; undefined when it went well. */
  code: string | undefined;
  body: unknown;
  ms: number;
}

/** Sends one request; a body makes it a POST. */
export async function send(
  url: string,
  { body, agent, key }: { body?: unknown; agent?: string; key?: string } = {},
): Promise<Said> {
  const began = performance.now();
  const response = await fetch(url, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      'content-type': 'application/json',
      ...(agent === undefined ? {} : { 'codepakt-agent': agent }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
  });
  const said = (await response.json()) as { code?: string };
  return {
    status: response.status,
    code: response.ok ? undefined : said.code,
    body: said,
    ms: performance.now() - began,
  };
}

/** How a server refused, for a sentence about a fault. */
export function inWords({ status, body }: Said): string {
  return `${status} ${JSON.stringify(body)}`;
}
