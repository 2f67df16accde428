/** A repository may come from anywhere, and its config be long. */
const MOST_PATTERNS = 1_000;

/**
 * Whether any of the patterns of a tsconfig fits a path, by the three wildcards that it knows: `**` for
 * folders, `*` and `?` within a name. The time grows with the lengths of both: a regular expression of
 * many wildcards may try all ways to share out a name among them.
 * @param reach whether a pattern has to fit the whole path, or also fits what is below what it names
 */
export function pathMatcher(
  patterns: readonly string[],
  reach: 'whole' | 'below',
): (path: string) => boolean {
  const all = patterns.slice(0, MOST_PATTERNS).map((pattern) => pattern.split('/').map(toPart));
  return (path) => {
    const names = path.split('/');
    return all.some((parts) => fits(parts, names, reach === 'whole'));
  };
}

/** Undefined stands for any folders, none among them. */
type Part = ((name: string) => boolean) | undefined;

function toPart(text: string): Part {
  if (text === '**') return undefined;
  return /[*?]/.test(text) ? (name) => fitsName(text, name) : (name) => name === text;
}

/** Goes through the parts once, with all numbers of names that those before may have taken. */
function fits(parts: readonly Part[], names: readonly string[], isWhole: boolean): boolean {
  // The last name is the file's: what is to go on cannot have taken it.
  const folders = names.length - 1;
  let taken = [0];
  for (const part of parts.slice(0, -1)) {
    taken =
      part === undefined ? spanned(taken, names, folders) : after(part, taken, names, folders);
    if (taken.length === 0) return false;
  }
  const last = parts.at(-1);
  if (last === undefined) return false;
  const ends = after(last, taken, names, names.length);
  return isWhole ? ends.includes(names.length) : ends.length > 0;
}

function after(
  fitsPart: (name: string) => boolean,
  taken: readonly number[],
  names: readonly string[],
  most: number,
): number[] {
  return taken.flatMap((count) => (count < most && fitsPart(names[count] ?? '') ? count + 1 : []));
}

/** All that may be reached from what was taken before by folders that are neither hidden nor installed. */
function spanned(taken: readonly number[], names: readonly string[], folders: number): number[] {
  const reached = new Set<number>();
  for (const start of taken) {
    for (let count = start; !reached.has(count); count++) {
      reached.add(count);
      const name = names[count] ?? '';
      if (count >= folders || name === 'node_modules' || /^(?:\.|$)/.test(name)) break;
    }
  }
  return [...reached].sort((a, b) => a - b);
}

/** Goes back to the last `*` only: one before it could take no more than that one can. */
function fitsName(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let next = 0; next < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = next;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
