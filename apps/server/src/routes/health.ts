import { API_VERSION, endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../options.ts';
import { register } from '../route.ts';

export function healthRoutes(app: FastifyInstance, context: ServerContext): void {
  const { options, instance_id, started_at } = context;
  const since = performance.now();
  register(app, endpoints.health.read, () => ({
    status: 'ok' as const,
    name: 'codepakt' as const,
    version: options.version,
    api_version: API_VERSION,
    instance_id,
    pid: process.pid,
    started_at: new Date(started_at).toISOString(),
    uptime_seconds: Math.floor((performance.now() - since) / 1_000),
  }));
}
