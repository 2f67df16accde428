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
  register(app, board.export, async ({ params, reply }) => {
    const { project } = await useProject(app, params);
    const copy = await project.board.copyToExport();
    // As long as it is read, the copy takes up space on the disk.
    reply.raw.setTimeout(context.timeouts.stalled_ms, () => reply.raw.destroy());
    reply.type(JSONL);
    const stream = Readable.from(inPieces(copy.lines()), { objectMode: false });
    return stream.once('close', () => copy[Symbol.dispose]());
  });
  importRoute(app, context);
}

function importRoute(app: FastifyInstance, { options }: ServerContext): void {
  // The body comes as it is: JSON lines are read by the import itself.
  app.addContentTypeParser([...IMPORT_TYPES], (_request, body, done) => done(null, body));
  register(app, endpoints.board.import, async (call) => {
    const { request, params } = call;
    await useProject(app, params);
    await using spool = await spoolImport(request.raw, options.data_dir);
    request.bodyDigest = spool.digest;
    for (;;) {
      const live = await useProject(app, params);
      const isServed = () => app.projects.opened(params.project) === live;
      const { board } = live.project;
      try {
        // For a board that holds something the lines need not be read, but this key may have an answer.
        using staged = board.isEmpty() ? await board.stage(spool.lines()) : undefined;
        // Another import or a restore may have come first: then it was opened anew meanwhile.
        if (!isServed()) continue;
        const result = await live.write(once(call, live.project, () => board.importStaged(staged)));
        app.projects.register(live.project.info());
        app.projects.renew(params.project);
        return result;
      } catch (error) {
        if (isServed()) throw error;
      }
    }
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
