import { endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { registerRead, registerWrite } from '../route.ts';

export function docRoutes(app: FastifyInstance): void {
  const { docs } = endpoints;
  registerRead(app, docs.list, ({ project, query }) => project.docs.list(query));
  registerRead(app, docs.search, ({ project, query }) => project.docs.search(query));
  registerRead(app, docs.read, ({ project, params }) => project.docs.get(params.id));
  registerWrite(
    app,
    docs.create,
    ({ project, body, agent }) => project.docs.create(body, { agent }),
    ({ params }, { id }) => `/api/projects/${encodeURIComponent(params.project)}/docs/${id}`,
  );
  registerWrite(app, docs.update, ({ project, params, body, agent, if_match }) =>
    project.docs.update(params.id, body, { agent, if_match }),
  );
  registerWrite(app, docs.delete, ({ project, params, agent }) =>
    project.docs.delete(params.id, { agent }),
  );
}
