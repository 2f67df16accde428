import { endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { once, register, registerRead, useProject } from '../route.ts';

export function projectRoutes(app: FastifyInstance): void {
  const { projects } = endpoints;
  register(app, projects.list, () => ({ items: app.projects.list(), next_cursor: null }));
  registerRead(app, projects.read, ({ project }) => project.info());
  register(app, projects.update, async (call) => {
    const { params, body, agent } = call;
    const live = await useProject(app, params);
    const { project } = live;
    const info = await live.write(once(call, project, () => project.update(body, { agent })));
    app.projects.register(project.info());
    return info;
  });
}
