import { CodepaktError } from '@codepakt/contract';

/**
 * Reads JSON out of a column. All of it was written by us, so that what is none was damaged since.
 * @throws CodepaktError `database_damaged`
 */
export function readStoredJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    const beginning = text.slice(0, 60);
    throw new CodepaktError('database_damaged', `the database holds damaged text: ${beginning}`, {
      hint: 'Run `cpk doctor`, keep the file, and bring back a backup.',
      cause,
    });
  }
}
