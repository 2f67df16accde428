const HUES = 9;

/** One of nine colours, always the same for a name. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 99_991;
  return hash % HUES;
}

/** At most two characters: of `claude-backend` they are `CB`. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0] ?? '') : [];
  return (letters.length > 0 ? letters : [...name.trim()].slice(0, 2)).join('').toUpperCase();
}
