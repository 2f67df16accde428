import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ServerContext } from '../options.ts';
import { homePage } from '../pages.ts';
import { isPageRequest } from '../plugins/guards.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The built dashboard, or as long as there is none a plain page that says how to go on. */
export function dashboardRoutes(app: FastifyInstance, { options }: ServerContext): void {
  const { dashboard_dir, version } = options;
  if (dashboard_dir === undefined) {
    const page = homePage(version);
    app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
    return;
  }
  // Only what was found at the start is served: what a request says never becomes a path.
  const files = listFiles(dashboard_dir);
  const index = join(dashboard_dir, 'index.html');
  app.get('/', (_request, reply) => sendFile(reply, index));
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const file = files.get(request.params['*']);
    if (file !== undefined) return sendFile(reply, file);
    // A page of the dashboard, whose path only the dashboard's own script understands.
    if (isPageRequest(request)) return sendFile(reply, index);
    throw new CodepaktError('route_not_found', `there is no ${request.method} of this path`);
  });
}

async function sendFile(reply: FastifyReply, file: string): Promise<FastifyReply> {
  const isHashed = /-[\w-]{8,}\.\w+$/.test(file);
  reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  return reply.type(TYPES[extname(file)] ?? 'application/octet-stream').send(await readFile(file));
}

/** The files below a folder, by their path from there. */
function listFiles(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(files.map((file) => [relative(dir, file).replaceAll(sep, '/'), file]));
}
