import type { FileRecord, KnownIndex, ScanChanges } from '@codepakt/contract';
import { addOutcome, beginFindings, concludeFindings, knownHash } from './changes.ts';
import type { Grammars } from './grammar.ts';
import { type ParseOutcome, parseFile } from './parse-file.ts';
import { readStaged } from './read-staged.ts';
import { resolversSince } from './resolvers-since.ts';
import { isStillSkipped, scanGitIndex } from './scan-git-index.ts';
import { readNote, type ScanNote } from './scan-note.ts';
import { type StagedSince, stagedSince } from './staged-since.ts';
import { type DiskStamp, isBlob, readWorkFile } from './work-file.ts';

export interface StagedRequest {
  root: string;
  known: KnownIndex;
  grammars: Grammars;
  onFile: ((file: FileRecord) => void) | undefined;
}

export interface StagedScan extends StagedRequest {
  note: ScanNote | undefined;
  /** Microseconds since 1970. */
  startedAt: number;
}

/**
 * Reads what git has staged and the index does not have yet, and yields what to store.
 * @throws `wrong_usage` where there is no git repository
 */
export async function scanStaged(request: StagedRequest): Promise<ScanChanges> {
  const note = readNote(request.known.layout);
  const scan = { ...request, note, startedAt: Date.now() * 1000 };
  // While git works the parser is made ready.
  const [since] = await Promise.all([
    note && stagedSince(request.root, note),
    request.grammars.prepare(),
  ]);
  const isQuick = note !== undefined && since?.moved.length === 0;
  return (
    (isQuick ? await scanSince(scan, note, since) : undefined) ??
    (await scanGitIndex(scan, since?.moved ?? []))
  );
}

/** The quick way: only files that are known have another content. Undefined when it can't be gone. */
async function scanSince(
  scan: StagedScan,
  note: ScanNote,
  since: StagedSince,
): Promise<ScanChanges | undefined> {
  const { root, known, grammars, startedAt, onFile } = scan;
  const wish = whatToRead(scan, since);
  if (wish === undefined) return undefined;
  const { blobs, unsure } = wish;
  const rows = new Map(Array.from(blobs.keys(), (path) => [path, known.file(path)]));
  const read: { outcome: ParseOutcome; stamp: DiskStamp }[] = [];
  for await (const { path, bytes, stamp } of readStaged(root, { blobs, startedAt })) {
    const known_hash = knownHash(rows.get(path)?.stamp);
    read.push({ outcome: await parseFile(grammars, { path, bytes, known_hash }), stamp });
  }
  const parsed = read.flatMap(({ outcome }) => ('parsed' in outcome ? [outcome.parsed] : []));
  const resolvers = await resolversSince(
    root,
    note,
    parsed,
    (path) => rows.get(path)?.imports ?? [],
  );
  if (resolvers === undefined) return undefined;
  const files = [...rows.values()].flatMap((row) => (row ? [row.stamp] : []));
  const findings = beginFindings({ files, skipped: known.skipped }, () => resolvers, onFile);
  findings.skipped.push(...known.skipped.filter(({ path }) => !blobs.has(path)));
  for (const { outcome, stamp } of read) addOutcome(findings, outcome, stamp);
  return concludeFindings(findings, {
    known,
    expected: blobs.keys(),
    noteStaged: () => since.note(unsure),
  });
}

/** Undefined when one of the files is gone, which the quick way does not see to. */
function whatToRead(
  { root, known, startedAt }: StagedScan,
  since: StagedSince,
): { blobs: Map<string, string>; unsure: string[] } | undefined {
  const blobs = new Map(since.changed);
  const unsure: string[] = [];
  for (const { path, blob, isStaged } of since.unsure) {
    const file = readWorkFile(root, path, startedAt);
    // A row without a stamp was made of something staged; one with it, of what lay on disk.
    const isSkipped = known.skipped.some((one) => one.path === path && isStillSkipped(root, one));
    const isOfDisk = isSkipped || typeof known.file(path)?.stamp.size === 'number';
    const isOnDisk = blob !== undefined && file !== undefined && isBlob(file.bytes, blob);
    if (blob !== undefined && (isOnDisk || isStaged || !isOfDisk)) blobs.set(path, blob);
    else if (file) unsure.push(path);
    else return undefined;
  }
  return { blobs, unsure };
}
