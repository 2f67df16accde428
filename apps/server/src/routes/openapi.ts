import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../options.ts';

/** The description of the interface: made when first asked for, since few ask and starting must be quick. */
export function openApiRoutes(app: FastifyInstance, { options }: ServerContext): void {
  let text: string | undefined;
  app.get('/api/openapi.json', async (_request, reply) => {
    if (text === undefined) {
      const { describeApi } = await import('../openapi.ts');
      text = JSON.stringify(describeApi(options.version));
    }
    return reply.type('application/json').send(text);
  });
}
