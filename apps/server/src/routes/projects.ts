import { endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { register, registerRead, registerWrite } from '../route.ts';

export function projectRoutes(app: FastifyInstance): void {
  const { projects } = endpoints;
  register(app, projects.list, () => ({ items: app.projects.list(), next_cursor: null }));
  registerRead(app, projects.read, ({ project }) => project.info());
  registerWrite(app, projects.update, ({ project, body, agent }) =>
    project.update(body, { agent }),
  );
}
