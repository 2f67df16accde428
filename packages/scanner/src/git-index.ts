import { LITERALLY, runGit, withoutFilters } from './git.ts';

/** How a path was and is: mode and id of its blob with a space between, or '' where it is not there. */
export interface StagedChange {
  from: string;
  to: string;
}

/** What a path is while it has conflicts. */
export const UNMERGED = 'unmerged';

/**
 * In what git's index differs from a commit or tree, below `root`; null where git does not know it.
 * @param paths look at these only
 */
export async function diffIndex(
  root: string,
  tree: string,
  paths: readonly string[] = [],
): Promise<Map<string, StagedChange> | null> {
  const options = ['--cached', '--raw', '-z', '--no-renames', '--no-abbrev', '--relative'];
  const output = await runGit(root, ['diff-index', ...options, tree, '--', ...paths], LITERALLY);
  if (output === null) return null;
  const changes = new Map<string, StagedChange>();
  const fields = output.split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, from = '', to = '', fromId = '', toId = '', status] =
      /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(fields[at] ?? '') ?? [];
    changes.set(fields[at + 1] ?? '', {
      from: toEntry(from, fromId),
      to: status === 'U' ? UNMERGED : toEntry(to, toId),
    });
  }
  return changes;
}

/**
 * Mode and blob of every path in git's index below `root`; null where there is no repository.
 * @param paths these only
 */
export async function listIndex(
  root: string,
  paths: readonly string[] = [],
): Promise<Map<string, string> | null> {
  const output = await runGit(root, ['ls-files', '-z', '--stage', '--', ...paths], LITERALLY);
  if (output === null) return null;
  const entries = new Map<string, string>();
  for (const line of output.split('\0')) {
    const [, mode = '', blob = '', path = ''] =
      /^(\d{6}) ([0-9a-f]+) \d\t([\s\S]+)$/.exec(line) ?? [];
    if (path !== '') entries.set(path, `${mode} ${blob}`);
  }
  return entries;
}

/**
 * The paths whose files in the work tree are not as git's index has them; null where there is no
 * repository.
 * @param paths look at these only
 */
export async function modifiedFiles(
  root: string,
  paths: readonly string[] = [],
): Promise<Set<string> | null> {
  const args = ['diff-files', '-z', '--name-only', '--relative', '--', ...paths];
  const output = await runGit(root, args, { ...(await withoutFilters(root)), ...LITERALLY });
  return output === null ? null : new Set(output.split('\0').filter(Boolean));
}

function toEntry(mode: string, blob: string): string {
  return mode === '000000' ? '' : `${mode} ${blob}`;
}

/** The blob of a regular file's entry; undefined for links, submodules and what is not there. */
export function blobOf(entry: string): string | undefined {
  return entry.startsWith('100') ? idOf(entry) : undefined;
}

/** The id in an entry, of whatever kind it is. */
export function idOf(entry: string): string {
  return entry.slice(entry.indexOf(' ') + 1);
}
