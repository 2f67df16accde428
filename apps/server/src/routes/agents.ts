import { endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { registerRead } from '../route.ts';

export function agentRoutes(app: FastifyInstance): void {
  registerRead(app, endpoints.agents.list, ({ project }) => ({
    items: project.agents.list(),
    next_cursor: null,
  }));
}
