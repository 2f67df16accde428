import { CodepaktError } from '@codepakt/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Which methods each path is served with. */
    servedMethods: ReadonlyMap<string, ReadonlySet<string>>;
  }
}

/** Fills `app.servedMethods` while routes are registered, from this call on. */
export function collectMethods(app: FastifyInstance): void {
  const served = new Map<string, Set<string>>();
  app.decorate('servedMethods', served);
  app.addHook('onRoute', ({ url, method }) => {
    const methods = served.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    served.set(url, methods);
  });
}

/** Why no route was found: nothing is there, or something that takes other methods. */
export function notFound({ server, method, url }: FastifyRequest): CodepaktError {
  const path = url.split('?', 1)[0] ?? '';
  const allowed = new Set<string>();
  for (const [pattern, methods] of server.servedMethods) {
    if (matches(pattern, path)) for (const one of methods) allowed.add(one);
  }
  if (allowed.size === 0) {
    return new CodepaktError('route_not_found', `there is no ${method} of this path`, {
      hint: 'GET /api/openapi.json lists what there is.',
    });
  }
  const allow = [...allowed].sort().join(', ');
  return new CodepaktError('method_not_allowed', `${method} is not for this path`, {
    hint: `It takes ${allow}.`,
    details: { allow },
  });
}

/** Whether a path has the form of a route; one with a wildcard is no path of its own. */
function matches(pattern: string, path: string): boolean {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => part === parts[index] || (part.startsWith(':') && parts[index]))
  );
}
