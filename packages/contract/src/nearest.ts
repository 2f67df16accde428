/** Shorter ones begin too many words. */
const SHORTEST_BEGINNING = 3;

/**
 * The word most like the one given, else the only one that it is the beginning of; undefined when
 * none is near (more than a third of it differs).
 */
export function nearest(given: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(given.length / 3)) + 1;
  for (const word of words) {
    const difference = distance(given.toLowerCase(), word.toLowerCase());
    if (difference < least) {
      least = difference;
      best = word;
    }
  }
  return best ?? begunBy(given.toLowerCase(), words);
}

function begunBy(beginning: string, words: readonly string[]): string | undefined {
  if (beginning.length < SHORTEST_BEGINNING) return undefined;
  const [only, another] = words.filter((word) => word.toLowerCase().startsWith(beginning));
  return another === undefined ? only : undefined;
}

/** Levenshtein's edit distance, by rows. */
function distance(a: string, b: string): number {
  if (a.length > 100 || b.length > 100) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
