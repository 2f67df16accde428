import * as Type from 'typebox';
import { ERROR_CODES } from './errors.ts';
import { oneOf } from './text.ts';

/** `application/problem+json` (RFC 9457), with our code. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: oneOf(ERROR_CODES),
  detail: Type.String(),
  hint: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  request_id: Type.Optional(Type.String()),
});
export type Problem = Type.Static<typeof Problem>;
