import { CodepaktError } from '@codepakt/contract';
import type { FastifyRequest } from 'fastify';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The methods that change nothing, which a page may request without a content type. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A host name or address and an optional port. */
const HOST = /^(\[[\da-f:.]+\]|[^:[\]\s/@]+)(?::\d{1,5})?$/i;

/**
 * Any web page in the user's browser can send requests to a server on localhost. So, on every
 * route and before anything else: our own name (a foreign one is DNS rebinding), our own origin,
 * and for changes a content type that a page of another origin can't send without being asked for
 * leave first, which is never given: there are no CORS headers.
 * @throws CodepaktError `wrong_host`, `forbidden_origin`, `unsupported_media_type`
 */
export function createGuards(
  allow_hosts: readonly string[],
  mediaTypesOf: (request: FastifyRequest) => readonly string[],
): (request: FastifyRequest) => void {
  const names = [...LOOPBACK_NAMES, ...allow_hosts].map((host) => HOST.exec(host)?.[1] ?? host);
  const allowed = new Set(names.map((name) => name.toLowerCase()));

  return (request) => {
    const { headers, method } = request;
    requireOurHost(request, allowed);
    requireOurOrigin(headers.origin, headers.host);
    requireOurSite(request);
    if (!READING.has(method)) {
      requireMediaType(headers['content-type'], mediaTypesOf(request));
    }
  };
}

function requireOurHost({ headers, url }: FastifyRequest, allowed: ReadonlySet<string>): void {
  const { host = '' } = headers;
  const name = HOST.exec(host)?.[1]?.toLowerCase();
  // A whole URL in place of the path would name another host, and only proxies are asked so.
  if (name !== undefined && allowed.has(name) && url.startsWith('/')) return;
  throw new CodepaktError('wrong_host', `this server is not called ${JSON.stringify(host)}`, {
    hint: 'Call it by localhost or 127.0.0.1, or allow the name with --allow-host or CPK_ALLOW_HOSTS.',
  });
}

function requireOurOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return;
  const given = origin.toLowerCase();
  const ours = host?.toLowerCase();
  if (given === `http://${ours}` || given === `https://${ours}`) return;
  throw new CodepaktError('forbidden_origin', 'requests from pages of other origins are refused');
}

/** Another server on localhost is only "same-site"; a link that leads here is let in outside /api. */
function requireOurSite(request: FastifyRequest): void {
  const { headers, method } = request;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const isLinkFollowed =
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    !isApi(request);
  if (isLinkFollowed) return;
  throw new CodepaktError('forbidden_origin', 'requests from pages of other sites are refused');
}

/** Whether a request is for the interface: by the route it found, or as it reads when it found none. */
function isApi({ routeOptions, url }: FastifyRequest): boolean {
  return /^\/+api(?:\/|$)/.test(routeOptions.url ?? '') || /^\/+api(?:[/?#]|$)/i.test(url);
}

/** Whether a browser asks for a page to show. */
export function isPageRequest(request: FastifyRequest): boolean {
  const { method, headers } = request;
  return method === 'GET' && !isApi(request) && (headers.accept ?? '').includes('text/html');
}

function requireMediaType(given: string | undefined, allowed: readonly string[]): void {
  const type = given?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== undefined && allowed.includes(type)) return;
  throw new CodepaktError(
    'unsupported_media_type',
    `this needs the header Content-Type: ${allowed[0]}, also without a body`,
  );
}
