/**
 * Text as a full-text query that can't be a syntax error: every word must be there, the last one
 * as the beginning of a word. Quotes, operators and the like are text. Null when nothing in it is
 * a letter or a digit, the only things that the index holds.
 */
export function ftsQuery(text: string): string | null {
  const words = text.split(/[\s\0]+/u).filter(isIndexed);
  if (words.length === 0) return null;
  // Side by side instead of joined by AND: FTS5 then leaves out a word of which its tokenizer keeps nothing.
  return `${words.map(quoted).join(' ')}*`;
}

function isIndexed(word: string): boolean {
  // The first is nearly always enough, and whole classes of Unicode take milliseconds to prepare.
  return /[a-z0-9]/i.test(word) || /[\p{L}\p{N}\p{Co}]/u.test(word);
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
