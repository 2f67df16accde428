import { isObject } from './json-file.ts';

/**
 * The targets that an `exports` or `imports` map of a package.json gives for a subpath (`.`,
 * `./sub`, `#internal`): first the one that the conditions choose, then the one for developers of
 * the package, then all others of the entry, since the chosen one may be a build output that is
 * not there.
 */
export function mapTargets(map: unknown, subpath: string, conditions: Set<string>): string[] {
  const entry = findEntry(map, subpath);
  if (!entry) return [];
  const fill = (target: string) => target.replaceAll('*', entry.star);
  const chosen = [conditions, new Set([...conditions, 'source', 'development'])]
    .map((given) => choose(entry.target, given))
    .filter((target) => target !== undefined);
  return [...new Set([...chosen, ...leaves(entry.target)])].map(fill);
}

interface Entry {
  target: unknown;
  /** What the star of the pattern stands for. */
  star: string;
}

function findEntry(map: unknown, subpath: string): Entry | undefined {
  const isBySubpath = isObject(map) && Object.keys(map).some((key) => /^[.#]/.test(key));
  if (!isBySubpath) return subpath === '.' && map ? { target: map, star: '' } : undefined;
  if (subpath in map && !subpath.includes('*')) return { target: map[subpath], star: '' };
  let best: { key: string; star: string } | undefined;
  for (const key of Object.keys(map)) {
    const [prefix = '', suffix] = key.endsWith('/') ? [key, ''] : key.split('*');
    if (suffix === undefined || !subpath.startsWith(prefix) || !subpath.endsWith(suffix)) continue;
    if (subpath.length < prefix.length + suffix.length) continue;
    if (best && best.key.indexOf('*') >= prefix.length) continue;
    best = { key, star: subpath.slice(prefix.length, subpath.length - suffix.length) };
  }
  if (!best) return undefined;
  // A folder mapping (`"./features/": "./src/features/"`) has no star of its own.
  const target = map[best.key];
  const isFolder = best.key.endsWith('/') && typeof target === 'string';
  return { target: isFolder ? `${target}*` : target, star: best.star };
}

function choose(target: unknown, conditions: Set<string>): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) {
    return target.map((one) => choose(one, conditions)).find((one) => one !== undefined);
  }
  if (!isObject(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (condition !== 'default' && !conditions.has(condition)) continue;
    const chosen = choose(inner, conditions);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

function leaves(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return target.flatMap(leaves);
  return isObject(target) ? Object.values(target).flatMap(leaves) : [];
}
