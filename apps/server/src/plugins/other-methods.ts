import { CodepaktError } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

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

/** Where a path is served, but not with this method, the answer is 405 and says which would do. */
export function refuseOtherMethods(app: FastifyInstance): void {
  const served = [...app.servedMethods].map(([url, methods]) => ({
    url,
    methods: new Set(methods),
  }));
  for (const { url, methods } of served) {
    // A wildcard is no path of its own: what it does not serve is not there.
    if (url.includes('*')) continue;
    const allow = METHODS.filter((method) => methods.has(method)).join(', ');
    app.route({
      method: METHODS.filter((method) => !methods.has(method)),
      url,
      // Before a body is read.
      onRequest: (request, _reply, done) => {
        done(
          new CodepaktError('method_not_allowed', `${request.method} is not for this path`, {
            hint: `It takes ${allow}.`,
            details: { allow },
          }),
        );
      },
      handler: () => undefined,
    });
  }
}
