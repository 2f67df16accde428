import { endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { registerRead } from '../route.ts';

export function boardRoutes(app: FastifyInstance): void {
  const { board } = endpoints;
  registerRead(app, board.status, ({ project }) => project.board.status());
  registerRead(app, board.graph, ({ project, query }) => project.board.graph(query));
  registerRead(app, board.metrics, ({ project, query }) => project.board.metrics(query));
}
