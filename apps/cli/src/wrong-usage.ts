import { CodepaktError, nearest } from '@codepakt/contract/light';

/** The error for a command line that was not understood. */
export function wrongUsage(message: string, hint?: string): CodepaktError {
  return new CodepaktError('wrong_usage', message, hint === undefined ? {} : { hint });
}

/** `; did you mean X?`, when some word is near. */
export function guess(given: string, words: readonly string[]): string {
  const near = nearest(given, words);
  return near === undefined ? '' : didYouMean(near);
}

/** What a message that refuses a word ends with. */
export function didYouMean(right: string): string {
  return `; did you mean ${right}?`;
}
