import type * as Type from 'typebox';
import type { endpoints } from './endpoints.ts';
import type { PathParams, Route } from './routes.ts';

/** What one endpoint takes and answers: the single source of validation, types, OpenAPI and client. */
export interface Endpoint extends Route {
  summary: string;
  query?: Type.TObject;
  body?: Type.TSchema;
  response: Type.TSchema;
  /** The status of success; 200 unless told. */
  status?: 200 | 201;
  /** `json` unless told. */
  stream?: 'events' | 'jsonl-out' | 'jsonl-in';
  /** Bytes; LIMITS.body_bytes unless told. */
  body_limit?: number;
  /** Refused without the header that names an agent. */
  needs_agent?: true;
  /** Takes If-Match and answers with an ETag. */
  versioned?: true;
}

export type Endpoints = typeof endpoints;

type SchemaOf<E, K extends string> = E extends { readonly [P in K]: infer S extends Type.TSchema }
  ? Type.Static<S>
  : undefined;

export type QueryOf<E extends Endpoint> = SchemaOf<E, 'query'>;
export type BodyOf<E extends Endpoint> = SchemaOf<E, 'body'>;
export type ResponseOf<E extends Endpoint> = Type.Static<E['response']>;
export type ParamsOf<E extends Endpoint> = PathParams<E['path']>;

type Part<K extends string, T> = [T] extends [undefined]
  ? unknown
  : Record<string, never> extends T
    ? { [P in K]?: T }
    : { [P in K]: T };

/** What a caller gives: `{ params, query, body }`, each only where the endpoint has it. */
export type InputOf<E extends Endpoint> = (keyof ParamsOf<E> extends never
  ? unknown
  : { params: ParamsOf<E> }) &
  Part<'query', QueryOf<E>> &
  Part<'body', BodyOf<E>>;
