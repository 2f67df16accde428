/** `parseHTTPHeader_v2` → `parse HTTP Header v2`: the words that a name is made of. */
export function wordsOf(name: string): string[] {
  return name.match(WORD) ?? [];
}

/** Capitals before a capitalised word belong together; digits belong to what stands before them. */
const WORD =
  /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[^\p{Lu}\p{N}\p{P}\p{S}\s]+\p{N}*|\p{Lu}\p{N}*|\p{N}+/gu;

/** What the full-text index holds of a name: the name itself and, where they differ, its words. */
export function nameForSearch(name: string): string {
  const words = wordsOf(name);
  return words.length < 2 ? name : `${name} ${words.join(' ')}`;
}
