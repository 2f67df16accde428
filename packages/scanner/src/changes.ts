import type {
  FileRecord,
  FileStamp,
  ImportRecord,
  KnownIndex,
  ScanChanges,
  ScanProblem,
  SkippedFile,
} from '@codepakt/contract';
import { languageOf } from './languages.ts';
import type { ParsedFile } from './parse-file.ts';
import type { Resolvers } from './project-tree.ts';
import type { ScanNote, StagedNote } from './scan-note.ts';
import type { DiskStamp } from './work-file.ts';
import type { TaskOutcome } from './worker-protocol.ts';

/** What a scan has found so far. */
export interface Findings {
  known: ReadonlyMap<string, FileStamp>;
  /** Made when the first import is to be resolved. */
  resolvers: () => Resolvers;
  take: (file: FileRecord) => void;
  parsed: FileRecord[];
  /** The paths of all that was parsed, whoever took it. */
  replaced: Set<string>;
  touched: FileStamp[];
  skipped: SkippedFile[];
  knownSkipped: ReadonlyMap<string, SkippedFile>;
  errors: ScanProblem[];
  unchanged: Set<string>;
}

/**
 * @param create called once
 * @param onFile takes each file that was parsed; without it they are kept
 */
export function beginFindings(
  known: Pick<KnownIndex, 'files' | 'skipped'>,
  create: () => Resolvers,
  onFile?: (file: FileRecord) => void,
): Findings {
  const files = new Map<string, FileStamp>();
  for (const stamp of known.files) files.set(stamp.path, stamp);
  const parsed: FileRecord[] = [];
  let resolvers: Resolvers | undefined;
  return {
    known: files,
    resolvers() {
      resolvers ??= create();
      return resolvers;
    },
    take: onFile ?? ((file) => parsed.push(file)),
    parsed,
    replaced: new Set(),
    touched: [],
    skipped: [],
    knownSkipped: new Map(known.skipped.map((file) => [file.path, file])),
    errors: [],
    unchanged: new Set(),
  };
}

/** The hash with which the content need not be parsed again; null when it has to be. */
export function knownHash(stamp: FileStamp | undefined): string | null {
  return stamp && isCurrent(stamp) ? stamp.hash : null;
}

/** Whether today's extractor would find the same in the same content. */
export function isCurrent(stamp: FileStamp): boolean {
  const language = languageOf(stamp.path);
  return (
    stamp.language === language?.name && stamp.extractor_version === language.extractor.version
  );
}

/** Whether a file lies on disk as it did when it was read. */
export function isUnchanged(stamp: FileStamp | undefined, disk: DiskStamp | undefined): boolean {
  return (
    stamp !== undefined &&
    disk !== undefined &&
    stamp.size === disk.size &&
    stamp.mtime === disk.mtime &&
    isCurrent(stamp)
  );
}

export function addOutcome(findings: Findings, outcome: TaskOutcome, disk: DiskStamp): void {
  const { size, mtime } = disk;
  if ('parsed' in outcome) {
    findings.replaced.add(outcome.parsed.path);
    findings.take(toRecord({ ...outcome.parsed, size, mtime }, findings.resolvers()));
  } else if ('same' in outcome) {
    const stamp = findings.known.get(outcome.path);
    if (stamp?.size === size && stamp.mtime === mtime) findings.unchanged.add(outcome.path);
    else if (stamp) findings.touched.push({ ...stamp, size, mtime });
  } else if ('skipped' in outcome) {
    const { path, skipped, message } = outcome;
    addSkipped(findings, path, skipped, disk);
    if (message !== undefined) findings.errors.push({ file: path, message });
  }
}

export function addSkipped(
  findings: Findings,
  path: string,
  reason: SkippedFile['reason'],
  { size, mtime }: DiskStamp,
): void {
  const extractor_version = languageOf(path)?.extractor.version ?? 0;
  findings.skipped.push({ path, reason, size, mtime, extractor_version });
}

/** What was found of a file that was left out, if it is still so; unreadable ones may be readable now. */
export function stillSkipped(
  skipped: SkippedFile | undefined,
  disk: DiskStamp,
): SkippedFile | undefined {
  if (skipped === undefined || skipped.reason === 'unreadable') return undefined;
  const isSame = skipped.size === disk.size && skipped.mtime === disk.mtime;
  const version = languageOf(skipped.path)?.extractor.version;
  return isSame && skipped.extractor_version === version ? skipped : undefined;
}

export interface Conclusion {
  known: Pick<KnownIndex, 'layout' | 'imports'>;
  /** The known files that this scan had to look for; what it did not find of them is gone. */
  expected: Iterable<string>;
  /** Says for the next scan of what the rows are, now that those of the `changed` files are other ones. */
  noteStaged: (changed: string[], resolvers: Resolvers) => StagedNote | undefined;
}

/** Sees what else has changed by that, and puts everything in order. */
export function concludeFindings(
  findings: Findings,
  { known, expected, noteStaged }: Conclusion,
): ScanChanges {
  const { parsed, replaced, touched, skipped, errors, unchanged } = findings;
  const resolvers = findings.resolvers();
  const present = new Set([...replaced, ...unchanged, ...touched.map((file) => file.path)]);
  const removed = [...expected].filter((path) => findings.known.has(path) && !present.has(path));
  const gone = new Set(removed);
  const relinked = relink(known, resolvers, (path) => replaced.has(path) || gone.has(path));
  const staged = noteStaged([...replaced, ...removed], resolvers);
  return {
    parsed: parsed.sort(byPath),
    touched: touched.sort(byPath),
    removed: removed.sort(),
    relinked: relinked.sort((a, b) => a.id - b.id),
    skipped: skipped.sort(byPath),
    errors: errors.sort((a, b) => (a.file < b.file ? -1 : 1)),
    layout: JSON.stringify({ ...resolvers.layout, staged } satisfies ScanNote),
  };
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

function toRecord(file: ParsedFile & DiskStamp, { resolve }: Resolvers): FileRecord {
  const imports: ImportRecord[] = file.imports.map((statement) => ({
    ...statement,
    resolved: resolve(file.path, statement),
  }));
  return { ...file, imports };
}

/** The imports of unchanged files that lead elsewhere, now that files came or went around them. */
function relink(
  known: Conclusion['known'],
  { isKnown, resolve }: Resolvers,
  isReplaced: (importer: string) => boolean,
): ScanChanges['relinked'] {
  if (known.layout === null || isKnown) return [];
  const relinked: ScanChanges['relinked'] = [];
  for (const imported of known.imports()) {
    if (isReplaced(imported.importer)) continue;
    const resolved = resolve(imported.importer, imported);
    if (!isSame(resolved, imported.resolved)) relinked.push({ id: imported.id, resolved });
  }
  return relinked;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, at) => path === b[at]);
}
