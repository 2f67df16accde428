import { randomUUID } from 'node:crypto';
import { CodepaktError } from '@codepakt/contract';
import { type FastifyInstance, type FastifyRequest, fastify, LogController } from 'fastify';
import { clientErrorHandler } from './client-error.ts';
import { errorHandler } from './error-handler.ts';
import { openLog } from './log.ts';
import { DEFAULT_TIMEOUTS, type ServerContext, type ServerOptions } from './options.ts';
import { createGuards } from './plugins/guards.ts';
import { standardHeaders } from './plugins/headers.ts';
import { acceptJsonBodies } from './plugins/json-body.ts';
import { IMPORT_TYPES, JSON_TYPES } from './plugins/media-types.ts';
import { collectMethods, notFound } from './plugins/not-found.ts';
import { logRequest, logRequests } from './plugins/request-log.ts';
import { TokenDoor } from './plugins/token.ts';
import { ProjectPool } from './projects/project-pool.ts';
import { splitQuery } from './read-query.ts';
import { registerRoutes } from './routes/routes.ts';

declare module 'fastify' {
  interface FastifyInstance {
    projects: ProjectPool;
  }
}

/** A path parameter has at most 100 characters, each of up to four bytes, a byte encoded in three. */
const MAX_PARAM_LENGTH = 1_200;

/** The whole server but for listening: `inject` works on it, `startServer` makes it listen. */
export function createServer(options: ServerOptions): FastifyInstance {
  const context = createContext(options);
  const { instance_id, timeouts } = context;
  const headers = standardHeaders(options.version, instance_id);
  const log = openLog(options.data_dir, options.log);
  const admit = createAdmission(context);

  let requests = 0;
  const app = fastify({
    logger: log.settings,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'id' }),
    requestIdHeader: false,
    genReqId: () => `${instance_id.slice(0, 8)}-${++requests}`,
    // Checks are TypeBox's, answers go through JSON.stringify: neither Ajv nor its kin is loaded.
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    routerOptions: { querystringParser: splitQuery, maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: timeouts.request_ms,
    http: {
      headersTimeout: timeouts.headers_ms,
      connectionsCheckingInterval: Math.min(timeouts.headers_ms, 5_000),
      // Its absence is ours to answer, like any other wrong host.
      requireHostHeader: false,
    },
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(headers),
    // A URL that can't be decoded reaches no hook.
    frameworkErrors: (error, request, reply) => {
      reply.raw.once('finish', () => logRequest(request, reply));
      reply.headers(headers);
      errorHandler(refusalBy(() => admit(request)) ?? error, request, reply);
    },
  });

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    const refusal = refusalBy(() => admit(request));
    // Told before a body is read that nobody will take.
    done(refusal ?? (request.is404 ? notFound(request) : undefined));
  });
  // Hooks of this kind run from the last to the first.
  app.addHook('onClose', () => log[Symbol.dispose]());
  logRequests(app);
  acceptJsonBodies(app);
  app.setErrorHandler(errorHandler);
  app.setNotFoundHandler((request) => {
    throw notFound(request);
  });
  openProjects(app, context);
  collectMethods(app);
  registerRoutes(app, context);
  return app;
}

function createContext(options: ServerOptions): ServerContext {
  const { token } = options;
  return {
    options,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    instance_id: options.instance_id ?? randomUUID(),
    started_at: Date.now(),
    door: token === undefined ? undefined : new TokenDoor(token, () => performance.now()),
    isStopping: false,
  };
}

/** Who is let in, judged from the head of a request, before anything else is done with it. */
function createAdmission(context: ServerContext): (request: FastifyRequest) => void {
  const guard = createGuards(context.options.allow_hosts ?? [], (request) =>
    request.routeOptions.config?.endpoint?.stream === 'jsonl-in' ? IMPORT_TYPES : JSON_TYPES,
  );
  return (request) => {
    guard(request);
    if (context.isStopping) throw new CodepaktError('shutting_down', 'the server is stopping');
    if (request.routeOptions.config?.is_open !== true) context.door?.requireKey(request);
  };
}

function refusalBy(check: () => void): Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function openProjects(app: FastifyInstance, context: ServerContext): void {
  const { options, timeouts } = context;
  const projects = new ProjectPool({
    data_dir: options.data_dir,
    busy_ms: timeouts.busy_ms,
    idle_ms: timeouts.idle_ms,
    examine_after_ms: timeouts.examine_after_ms,
    examine: options.examine,
    log: app.log,
    clock: options.clock,
    clocks: options.clocks,
  });
  app.decorate('projects', projects);
  app.addHook('onReady', (done) => {
    projects.start();
    done();
  });
  app.addHook('preClose', (done) => {
    context.isStopping = true;
    projects.dismiss();
    done();
  });
  app.addHook('onClose', () => projects.close());
}

function unused(): never {
  throw new Error('no route has a schema for Fastify to compile');
}
