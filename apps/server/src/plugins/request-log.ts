import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyReply {
    /** Which error was answered, for the log. */
    errorCode: string | undefined;
  }
}

/** One line a request, when it is over: no URL, header or body, so no token or text of a board gets into the log. */
export function logRequests(app: FastifyInstance): void {
  app.decorateReply('errorCode', undefined);
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply);
    done();
  });
}

export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode } = reply;
  const line = {
    method: request.method,
    route: request.routeOptions.url ?? 'none',
    status: statusCode,
    ms: Math.round(reply.elapsedTime * 100) / 100,
    ...(reply.errorCode === undefined ? {} : { code: reply.errorCode }),
  };
  if (statusCode >= 500) request.log.error(line, 'request');
  else request.log.info(line, 'request');
}
