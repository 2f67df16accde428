const LONGEST = 500;
const MOST = 4;

/**
 * Whether a regular expression made of a pattern tries few enough ways to share out a path among its
 * wildcards. A repository may come from anywhere, and such a pattern with it.
 */
export function isTame(pattern: string): boolean {
  if (pattern.length > LONGEST) return false;
  const parts = pattern.split('/');
  const spans = parts.filter((part) => part === '**').length;
  const groups = pattern.match(/[{]/g)?.length ?? 0;
  const stars = parts.map((part) => part.match(/\*+/g)?.length ?? 0);
  return spans <= MOST && groups <= MOST && Math.max(...stars) <= MOST;
}
