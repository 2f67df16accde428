import { Readable } from 'node:stream';
import { setImmediate as othersServed } from 'node:timers/promises';
import { CodepaktError, endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { spoolImport } from '../import-spool.ts';
import type { ServerContext } from '../options.ts';
import { IMPORT_TYPES, JSONL } from '../plugins/media-types.ts';
import { once, register, registerRead, useProject } from '../route.ts';

/** Lines go out in pieces of about this length: one by one they would cost more than they carry. */
const PIECE_LENGTH = 65_536;

/** Reading so many takes some milliseconds. */
const EVENTS_AT_ONCE = 5_000;

export function boardRoutes(app: FastifyInstance, context: ServerContext): void {
  const { board } = endpoints;
  registerRead(app, board.status, ({ project }) => project.board.status());
  registerRead(app, board.labels, ({ project }) => project.board.labels());
  registerRead(app, board.graph, ({ project, query }) => project.board.graph(query));
  registerRead(app, board.metrics, async ({ live, project, params, query }) => {
    while (!project.board.readAhead(EVENTS_AT_ONCE)) {
      // The first look at a long log takes seconds; everything else is served meanwhile.
      await othersServed();
      if (app.projects.opened(params.project) !== live) {
        throw new CodepaktError('busy', 'the project was closed meanwhile');
      }
    }
    return project.board.metrics(query);
  });
  registerRead(app, board.export, ({ project, reply }) => {
    // As long as it is read, the database can't forget the moment that it shows.
    reply.raw.setTimeout(context.timeouts.stalled_ms, () => reply.raw.destroy());
    reply.type(JSONL);
    return Readable.from(inPieces(project.board.export()), { objectMode: false });
  });
  importRoute(app, context);
}

function importRoute(app: FastifyInstance, { options }: ServerContext): void {
  // The body comes as it is: JSON lines are read by the import itself.
  app.addContentTypeParser([...IMPORT_TYPES], (_request, body, done) => done(null, body));
  register(app, endpoints.board.import, async (call) => {
    const { request, params } = call;
    const live = await useProject(app, params);
    const { project } = live;
    await using spool = await spoolImport(request.raw, options.data_dir);
    request.bodyDigest = spool.digest;
    return await live.write(once(call, project, () => project.board.import(spool.lines())));
  });
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
