/**
 * What of the contract needs no library: errors, routes and words. A program that has to start
 * quickly takes its values from here, and only types from the rest, which holds the schemas.
 */
export {
  CodepaktError,
  type CodepaktErrorOptions,
  ERROR_CODES,
  type ErrorCode,
  type InputError,
  isErrorCode,
  SANDBOX_HINT,
} from './errors.ts';
export { nearest, ours } from './nearest.ts';
export { fillPath, type PathParams, type Route, routes } from './routes.ts';
export { TASK_FIELDS } from './task-fields.ts';
export * from './vocabulary.ts';
