import { CodepaktError, endpoints, invalidInput } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { EventStream } from '../event-stream.ts';
import type { ServerContext } from '../options.ts';
import { readLastEventId } from '../read-headers.ts';
import { registerRead, registerWrite } from '../route.ts';

/** Each holds a connection and a poll; far more than people and agents need. */
const MAX_STREAMS = 500;

export function eventRoutes(app: FastifyInstance, { timeouts }: ServerContext): void {
  const { events } = endpoints;
  registerRead(app, events.list, ({ project, query }) => project.events.list(query));
  registerWrite(app, events.undo, ({ project, params, agent }) =>
    project.events.undo(toEventId(params.id), { agent }),
  );

  let streams = 0;
  registerRead(app, events.stream, ({ request, reply, live, query }) => {
    if (streams >= MAX_STREAMS) {
      throw new CodepaktError(
        'too_many_requests',
        `${MAX_STREAMS} event streams are open already`,
        {
          details: { retry_after: 10 },
        },
      );
    }
    const stream = new EventStream({
      live,
      after: readLastEventId(request) ?? query.after,
      filter: query,
      heartbeat_ms: timeouts.heartbeat_ms,
      stalled_ms: timeouts.stalled_ms,
    });
    streams += 1;
    stream.once('close', () => {
      streams -= 1;
    });
    reply.type('text/event-stream');
    return stream;
  });
}

function toEventId(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw invalidInput([{ path: '/id', message: 'is not the id of an event' }], 'path');
}
