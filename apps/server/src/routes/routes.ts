import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../options.ts';
import { agentRoutes } from './agents.ts';
import { boardRoutes } from './board.ts';
import { codeRoutes } from './code.ts';
import { dashboardRoutes } from './dashboard.ts';
import { docRoutes } from './docs.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { loginRoutes } from './login.ts';
import { openApiRoutes } from './openapi.ts';
import { projectRoutes } from './projects.ts';
import { taskRoutes } from './tasks.ts';

/** All that the server serves. */
export function registerRoutes(app: FastifyInstance, context: ServerContext): void {
  healthRoutes(app, context);
  projectRoutes(app);
  taskRoutes(app);
  agentRoutes(app);
  eventRoutes(app, context);
  docRoutes(app);
  codeRoutes(app, context);
  boardRoutes(app, context);
  openApiRoutes(app, context);
  loginRoutes(app, context);
  dashboardRoutes(app, context);
}
