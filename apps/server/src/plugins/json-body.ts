import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { CodepaktError } from '@codepakt/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 of the body, where the request has an idempotency key. */
    bodyDigest: string;
  }
}

const DIGEST_OF_NOTHING = digestOf(Buffer.alloc(0));

/** Bodies are JSON in UTF-8, or empty; nothing in them is repaired. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.decorateRequest('bodyDigest', DIGEST_OF_NOTHING);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done) => {
      if (body.length === 0) return done(null, undefined);
      if (request.headers['idempotency-key'] !== undefined) request.bodyDigest = digestOf(body);
      try {
        done(null, parse(body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

function parse(body: Buffer): unknown {
  // Buffer.toString would put U+FFFD in place of what is not UTF-8, and the text would be another.
  if (!isUtf8(body)) throw new CodepaktError('malformed_body', 'the body is not UTF-8');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CodepaktError('malformed_body', `the body is not JSON: ${why}`, { cause });
  }
}

function digestOf(body: Buffer): string {
  return hash('sha256', body, 'base64url');
}
