import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { CodepaktError } from '@codepakt/contract';
import type { FastifyRequest } from 'fastify';
import { GuessLimiter } from './guess-limiter.ts';

export const SHORTEST_TOKEN = 16;

const COOKIE = 'codepakt_session';
const COOKIE_RULES = 'Path=/; HttpOnly; SameSite=Strict';
/** Makes a browser forget the cookie. */
export const NO_COOKIE = `${COOKIE}=; ${COOKIE_RULES}; Max-Age=0`;

/** Who knows the token: the command line shows it as it is, a browser by the cookie that the login page set. */
export class TokenDoor {
  readonly #token: string;
  readonly #session: string;
  readonly #limiter: GuessLimiter;

  constructor(token: string, now: () => number) {
    this.#token = token;
    // Derived, so that the cookie outlives a restart and yet does not hold the token itself.
    this.#session = createHmac('sha256', token).update('dashboard session').digest('base64url');
    this.#limiter = new GuessLimiter(now);
  }

  /** @throws CodepaktError `unauthorized`, or `too_many_requests` after wrong guesses. */
  requireKey(request: FastifyRequest): void {
    const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const cookie = cookieOf(request);
    if (bearer === undefined && cookie === undefined) {
      throw new CodepaktError('unauthorized', 'this server asks for a token', {
        hint: 'Give it by --token-file or CPK_TOKEN; in a browser, log in at /login.',
      });
    }
    this.#try(request, () =>
      bearer !== undefined ? isEqual(bearer, this.#token) : isEqual(cookie ?? '', this.#session),
    );
  }

  /** The cookie for a browser whose user typed the token. */
  logIn(request: FastifyRequest, token: string): string {
    this.#try(request, () => isEqual(token, this.#token));
    const year = 31_536_000;
    return `${COOKIE}=${this.#session}; ${COOKIE_RULES}; Max-Age=${year}`;
  }

  #try(request: FastifyRequest, fits: () => boolean): void {
    const address = request.ip;
    const wait = this.#limiter.secondsToWait(address);
    if (wait > 0) {
      throw new CodepaktError('too_many_requests', `too many wrong tokens; wait ${wait} s`, {
        details: { retry_after: wait },
      });
    }
    if (fits()) {
      this.#limiter.forget(address);
      return;
    }
    const failures = this.#limiter.count(address);
    request.log.warn({ address, failures }, 'wrong token');
    throw new CodepaktError('unauthorized', 'this is not the token of this server');
  }
}

/** In constant time, whatever the lengths. */
function isEqual(given: string, known: string): boolean {
  return timingSafeEqual(digest(given), digest(known));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieOf(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}
