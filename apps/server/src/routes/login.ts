import { check, closed, label } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../options.ts';
import { LOGIN_PAGE, LOGIN_SCRIPT, STYLE } from '../pages.ts';

const Login = closed({ token: label(1_000) });

/** How a browser gets in: its user types the token once, and it keeps a cookie that no script can read. */
export function loginRoutes(app: FastifyInstance, { door }: ServerContext): void {
  const config = { is_open: true };
  app.get('/codepakt.css', { config }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STYLE),
  );
  if (door === undefined) return;

  app.get('/login', { config }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(LOGIN_PAGE),
  );
  app.get('/login.js', { config }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(LOGIN_SCRIPT),
  );
  app.post('/login', { config, bodyLimit: 8_192 }, (request, reply) => {
    const { token } = check(Login, request.body ?? {}, 'body');
    reply.header('set-cookie', door.logIn(request, token)).code(204).send();
  });
}
