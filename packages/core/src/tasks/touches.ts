/** Where a glob stops being a plain path: wildcards, classes, braces, escapes, negation. */
const NOT_PLAIN = /[*?[\]{}()!\\]/;

/**
 * Whether two path globs may match one file: the fixed leading folders of one are a prefix of the
 * other's. Never misses an overlap; may see one where there is none (`src/*.ts` and `src/*.md`).
 */
export function globsOverlap(a: string, b: string): boolean {
  return foldersOverlap(fixedFolders(a), fixedFolders(b));
}

/** Whether any glob of one list may match a file of the other's. */
export function touchesOverlap(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const others = b.map(fixedFolders);
  return a.some((glob) => {
    const folders = fixedFolders(glob);
    return others.some((other) => foldersOverlap(folders, other));
  });
}

function foldersOverlap(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.every((folder, index) => folder === long[index]);
}

/** Lower case, since some disks do not tell cases apart. */
function fixedFolders(glob: string): string[] {
  const folders: string[] = [];
  for (const part of glob.toLowerCase().split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' || NOT_PLAIN.test(part)) break;
    folders.push(part);
  }
  return folders;
}
