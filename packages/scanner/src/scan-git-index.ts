import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FileStamp, ScanChanges, SkippedFile } from '@codepakt/contract';
import {
  addOutcome,
  beginFindings,
  concludeFindings,
  isUnchanged,
  knownHash,
  stillSkipped,
} from './changes.ts';
import { IGNORE_FILE } from './collect-files.ts';
import { languageOf } from './languages.ts';
import { movedNames } from './moved-names.ts';
import { parseFile } from './parse-file.ts';
import { createResolvers } from './project-tree.ts';
import { readStaged } from './read-staged.ts';
import { toStagedNote } from './scan-note.ts';
import type { StagedScan } from './scan-staged.ts';
import { stagedFiles } from './staged-files.ts';
import { isBlob, lookAtFile, readWorkFile } from './work-file.ts';

/**
 * The long way of a staged scan: all of git's index is compared with the rows, and a note left to the
 * next one.
 * @param moved the paths that came or went since the last scan, where that is known
 * @throws `wrong_usage` where there is no git repository
 */
export async function scanGitIndex(
  scan: StagedScan,
  moved: readonly string[],
): Promise<ScanChanges> {
  const { root, known, grammars, note, startedAt, onFile } = scan;
  const { changes, files, tree, modified, commit } = await stagedFiles(root);
  const findings = beginFindings(known, () => createResolvers(tree, note), onFile);
  findings.skipped.push(
    ...known.skipped.filter((file) => !changes.has(file.path) && isStillSkipped(root, file)),
  );
  const skipped = new Set(findings.skipped.map(({ path }) => path));
  const blobs = new Map<string, string>();
  const unsure: string[] = [];
  for (const [path, blob] of files) {
    if (!languageOf(path)) continue;
    // What was staged before and taken back since does not show in what is staged now.
    const isWanted =
      changes.has(path) ||
      (known.layout !== null &&
        !skipped.has(path) &&
        isOutdated(scan, { path, blob }, findings.known.get(path), modified));
    if (isWanted) blobs.set(path, blob);
    else if (modified.has(path)) unsure.push(path);
  }
  for await (const { path, bytes, stamp } of readStaged(root, { blobs, startedAt, modified })) {
    const known_hash = knownHash(findings.known.get(path));
    addOutcome(findings, await parseFile(grammars, { path, bytes, known_hash }), stamp);
  }
  const expected = new Set(blobs.keys());
  for (const path of findings.known.keys()) {
    if (expected.has(path)) continue;
    const isTracked = files.has(path);
    const isGone = !isTracked && (changes.has(path) || !existsSync(join(root, path)));
    if (isGone) expected.add(path);
    else findings.unchanged.add(path);
    if (!isGone && !isTracked) unsure.push(path);
  }
  function namesToResolve(): string[] | undefined {
    return note && movedNames(moved, { tree, before: note, now: findings.resolvers().layout });
  }
  return concludeFindings(findings, {
    known: { layout: known.layout, imports: () => known.imports(namesToResolve()) },
    expected,
    noteStaged(_, { layout }) {
      // Without a layout there was no scan yet, and only what is staged was read.
      if (known.layout === null || commit === undefined) return undefined;
      return toStagedNote({
        commit,
        changes,
        unsure,
        ignore_files: [...files.keys()].filter((path) => IGNORE_FILE.test(path)),
        read_through_links: layout.read.flatMap((path) => tree.links.get(path) ?? []),
      });
    },
  });
}

/** Whether what is known of a file is not what the index of git has, as far as that shows quickly. */
function isOutdated(
  { root, startedAt }: StagedScan,
  { path, blob }: { path: string; blob: string },
  stamp: FileStamp | undefined,
  modified: ReadonlySet<string>,
): boolean {
  if (!stamp) return true;
  if (isUnchanged(stamp, lookAtFile(root, path))) return false;
  // A row without a stamp was made of something staged; one with it, of what lay on disk.
  if (stamp.size === null || !modified.has(path)) return true;
  // Git goes by size and time: a file that was written anew may be just what it has. And of a file
  // that is gone only git has anything.
  const file = readWorkFile(root, path, startedAt);
  return file === undefined || isBlob(file.bytes, blob);
}

/** Whether a file that was left out lies on disk as it did then. */
export function isStillSkipped(root: string, skipped: SkippedFile): boolean {
  const file = lookAtFile(root, skipped.path);
  return file !== undefined && stillSkipped(skipped, file) !== undefined;
}
