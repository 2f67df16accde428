import { wordsOf } from './symbol-words.ts';

/**
 * How well words that begin as `parts` do, in this order, are found among the words of a name:
 * the number of words before and between them, so 0 is best. Undefined when they are not there.
 */
export function matchWords(name: string, parts: readonly string[]): number | undefined {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  let skipped = 0;
  let at = 0;
  for (const part of parts) {
    while (at < words.length && words[at]?.startsWith(part) !== true) {
      at++;
      skipped++;
    }
    if (at === words.length) return undefined;
    at++;
  }
  return skipped;
}

/**
 * How well letters that come in this order are found in a name: each that neither follows the one
 * before at once nor begins a word counts one, so 0 is best. Undefined when they are not all there.
 */
export function matchLetters(name: string, letters: string): number | undefined {
  const lower = name.toLowerCase();
  const starts = wordStarts(name);
  const looseOf = (isPreferred: (place: number) => boolean): number | undefined => {
    let loose = 0;
    let last = -1;
    for (const letter of letters) {
      const next = nextPlace(lower, letter, last + 1, isPreferred);
      if (next < 0) return undefined;
      if (next !== last + 1 && !starts.has(next)) loose++;
      last = next;
    }
    return loose;
  };
  // Going from word to word may pass over a letter that is needed; taking each at once never does.
  return looseOf((place) => starts.has(place)) ?? looseOf(() => true);
}

/** Where a letter goes on: right here, else at a preferred place, else anywhere after; or -1. */
function nextPlace(
  lower: string,
  letter: string,
  from: number,
  isPreferred: (place: number) => boolean,
): number {
  if (lower.startsWith(letter, from)) return from;
  const first = lower.indexOf(letter, from);
  for (let at = first; at >= 0; at = lower.indexOf(letter, at + 1)) {
    if (isPreferred(at)) return at;
  }
  return first;
}

function wordStarts(name: string): Set<number> {
  const starts = new Set<number>();
  let at = 0;
  for (const word of wordsOf(name)) {
    at = name.indexOf(word, at);
    starts.add(at);
    at += word.length;
  }
  return starts;
}
