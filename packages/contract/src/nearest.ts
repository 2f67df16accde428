/** Shorter ones begin too many words. */
const SHORTEST_BEGINNING = 3;

/** What people and agents write where we say it differently; of several the first that there is. */
const OURS: Record<string, readonly string[]> = {
  // commands
  add: ['write'],
  assign: ['update'],
  claim: ['pickup'],
  close: ['done'],
  complete: ['done'],
  create: ['add', 'write'],
  daemon: ['server'],
  delete: ['cancel', 'remove'],
  edit: ['update'],
  finish: ['done'],
  get: ['show', 'read'],
  list: ['status', 'show'],
  log: ['events'],
  ls: ['list'],
  new: ['add', 'write'],
  next: ['pickup'],
  remove: ['cancel', 'delete'],
  resume: ['unblock'],
  rm: ['cancel', 'delete', 'remove'],
  show: ['status', 'read'],
  start: ['pickup'],
  status: ['show'],
  take: ['pickup'],
  view: ['show', 'read'],
  // options
  comment: ['note', 'reason'],
  content: ['body'],
  deps: ['depends_on'],
  message: ['note', 'reason', 'body'],
  name: ['title'],
  owner: ['assignee'],
  text: ['body'],
  // values
  closed: ['done'],
  completed: ['done'],
  doing: ['in-progress'],
  finished: ['done'],
  high: ['P0'],
  low: ['P2'],
  medium: ['P1'],
  ready: ['open'],
  started: ['in-progress'],
  todo: ['open'],
  wip: ['in-progress'],
};

/** The word of ours for what was given. */
export function ours(given: string, words: readonly string[]): string | undefined {
  const found = Object.hasOwn(OURS, given) ? OURS[given] : undefined;
  return found?.find((word) => words.includes(word));
}

/**
 * The word that means what was given, else the one most like it, else the only one that it is the
 * beginning of; undefined when none is near (more than a third of it differs).
 */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const meant = ours(given.toLowerCase(), words);
  if (meant !== undefined) return meant;
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
