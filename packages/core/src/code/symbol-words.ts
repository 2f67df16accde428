/** `parseHTTPHeader_v2` → `parse HTTP Header v2`: the words that a name is made of. */
export function wordsOf(name: string): string[] {
  return name.match(isAscii(name) ? ASCII_WORD : WORD) ?? [];
}

/** Only letters and digits of it, in any script. */
export function lettersOf(text: string): string {
  return text.replace(isAscii(text) ? /[^a-z0-9]+/gi : /[^\p{L}\p{N}]+/gu, '');
}

/** Whole classes of Unicode take milliseconds to prepare, as long as a question may take. */
function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** Capitals before a capitalised word belong together; digits belong to what stands before them. */
const ASCII_WORD = /[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[A-Z][0-9]*|[0-9]+/g;
const WORD =
  /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[^\p{Lu}\p{N}\p{P}\p{S}\s]+\p{N}*|\p{Lu}\p{N}*|\p{N}+/gu;

/** What the full-text index holds of a name: the name itself and, where they differ, its words. */
export function nameForSearch(name: string): string {
  // A third of all names are plainly one word.
  if (/^[A-Z]?[a-z]+$/.test(name)) return name;
  const words = wordsOf(name);
  return words.length < 2 ? name : `${name} ${words.join(' ')}`;
}
