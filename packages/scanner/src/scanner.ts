import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  FileRecord,
  FileStamp,
  KnownIndex,
  ScanChanges,
  SkippedFile,
} from '@codepakt/contract';
import {
  addOutcome,
  addSkipped,
  beginFindings,
  concludeFindings,
  type DiskStamp,
  isCurrent,
  knownHash,
  stillSkipped,
} from './changes.ts';
import { type CollectedFile, collectFiles, microseconds } from './collect-files.ts';
import { readBlobs } from './git.ts';
import { loadGrammars } from './grammar.ts';
import { languageOf } from './languages.ts';
import { hashOf, parseFile } from './parse-file.ts';
import { workTree } from './project-tree.ts';
import { MAX_BYTES, readSource } from './read-source.ts';
import { stagedFiles } from './staged-files.ts';
import { parseAll } from './worker-pool.ts';

export interface ScannerOptions {
  /** Holds `web-tree-sitter.wasm` and `<grammar>/grammar.wasm`. */
  grammarsDir: string;
  /** The entry of the worker threads, where a bundler did not leave it beside this module. */
  workerUrl?: URL;
}

export interface ScanRequest {
  /** The project's folder, absolute. */
  root: string;
  known?: KnownIndex;
  /** Parse every file, changed or not. */
  full?: boolean;
  onProgress?: (progress: { done: number; total: number }) => void;
  /**
   * Takes each file as soon as it is read, in whatever order; `parsed` of the answer stays empty
   * then. Thousands of files need not be held at once this way.
   */
  onFile?: (file: FileRecord) => void;
  signal?: AbortSignal;
}

/** Paths, sorted. */
export interface Staleness {
  changed: string[];
  added: string[];
  removed: string[];
}

export interface Scanner {
  /**
   * Reads what changed in the work tree since `known` and yields what to store. A file that can't
   * be read or parsed is reported, never thrown.
   * @throws `interrupted` when the signal says so
   */
  scan(request: ScanRequest): Promise<ScanChanges>;
  /**
   * The same for what git has staged, and for nothing else.
   * @throws `wrong_usage` where there is no git repository
   */
  scanStaged(request: Pick<ScanRequest, 'root' | 'known' | 'onFile'>): Promise<ScanChanges>;
  /** Parses nothing and says what a scan would change. */
  check(request: Pick<ScanRequest, 'root' | 'known'>): Promise<Staleness>;
}

const NOTHING: KnownIndex = { files: [], skipped: [], layout: null, imports: () => [] };

export function createScanner({ grammarsDir, workerUrl }: ScannerOptions): Scanner {
  const pool = { grammarsDir, workerUrl: workerUrl ?? workerBesideThis() };

  async function scan(request: ScanRequest): Promise<ScanChanges> {
    const { root, known = NOTHING, full = false, onProgress, onFile, signal } = request;
    const startedAt = Date.now() * 1000;
    const listing = await collectFiles(root);
    const findings = beginFindings(known, workTree(root, listing), onFile);
    const wanted: CollectedFile[] = [];
    for (const file of listing.files) {
      const skipped = full ? undefined : stillSkipped(findings.knownSkipped.get(file.path), file);
      if (!full && isUnchanged(findings.known.get(file.path), file)) {
        findings.unchanged.add(file.path);
      } else if (skipped !== undefined) {
        findings.skipped.push(skipped);
      } else if (file.size > MAX_BYTES) {
        addSkipped(findings, file.path, 'too_large', file);
      } else {
        wanted.push(file);
      }
    }
    const total = wanted.length;
    const stamps = new Map(wanted.map((file) => [file.path, toStamp(file, startedAt)]));
    const work = {
      ...pool,
      root,
      tasks: wanted
        .toSorted((a, b) => b.size - a.size)
        .map(({ path }) => ({ path, known_hash: full ? null : knownHash(findings, path) })),
      bytes: wanted.reduce((sum, file) => sum + file.size, 0),
      onProgress: (done: number) => onProgress?.({ done, total }),
      signal,
    };
    await parseAll(work, (outcome) => {
      const path = 'parsed' in outcome ? outcome.parsed.path : outcome.path;
      addOutcome(findings, outcome, stamps.get(path) ?? UNKNOWN);
    });
    onProgress?.({ done: total, total });
    return concludeFindings(findings, { known, expected: findings.known.keys() });
  }

  async function scanStaged({
    root,
    known = NOTHING,
    onFile,
  }: Pick<ScanRequest, 'root' | 'known' | 'onFile'>): Promise<ScanChanges> {
    const startedAt = Date.now() * 1000;
    const { changed, files, tree } = await stagedFiles(root);
    const findings = beginFindings(known, tree, onFile);
    findings.skipped.push(
      ...known.skipped.filter((file) => !changed.has(file.path) && isStillSkipped(root, file)),
    );
    const skipped = new Set(findings.skipped.map(({ path }) => path));
    const wanted = [...files].filter(([path, { isOnDisk }]) => {
      if (!languageOf(path) || skipped.has(path)) return false;
      // What was staged before and taken back since does not show in what is staged now.
      const stamp = findings.known.get(path);
      return (
        changed.has(path) || (known.layout !== null && isOutdated(root, path, stamp, isOnDisk))
      );
    });
    const grammars = loadGrammars(grammarsDir);
    const blobs = await readBlobs(
      root,
      wanted.flatMap(([, { blob, isOnDisk }]) => (isOnDisk ? [] : [blob])),
    );
    for (const [path, { blob, isOnDisk }] of wanted) {
      // The stamp is taken first: who writes to the file meanwhile is noticed by the next scan.
      const stamp = isOnDisk ? stampOf(root, path, startedAt) : UNKNOWN;
      const bytes = isOnDisk ? readIfPossible(root, path) : blobs.get(blob);
      if (!bytes) continue;
      const outcome = await parseFile(grammars, {
        path,
        bytes,
        known_hash: knownHash(findings, path),
      });
      addOutcome(findings, outcome, stamp);
    }
    const expected = new Set(wanted.map(([path]) => path));
    for (const path of findings.known.keys()) {
      const isGone = !files.has(path) && (changed.has(path) || !existsSync(join(root, path)));
      if (isGone) expected.add(path);
      else if (!expected.has(path)) findings.unchanged.add(path);
    }
    return concludeFindings(findings, { known, expected });
  }

  async function check({
    root,
    known = NOTHING,
  }: Pick<ScanRequest, 'root' | 'known'>): Promise<Staleness> {
    const { files } = await collectFiles(root);
    const stamps = new Map(Array.from(known.files, (stamp) => [stamp.path, stamp]));
    const skipped = new Map(known.skipped.map((file) => [file.path, file]));
    const changed: string[] = [];
    const added: string[] = [];
    for (const file of files) {
      const stamp = stamps.get(file.path);
      stamps.delete(file.path);
      if (isUnchanged(stamp, file)) continue;
      if (!stamp && stillSkipped(skipped.get(file.path), file)) continue;
      const bytes = file.size > MAX_BYTES ? null : readIfPossible(root, file.path);
      const isSource = bytes !== null && 'text' in readSource(bytes);
      if (!stamp) {
        if (isSource) added.push(file.path);
      } else if (!bytes || hashOf(bytes) !== stamp.hash || !isCurrent(stamp)) {
        changed.push(file.path);
      }
    }
    return { changed, added, removed: [...stamps.keys()].sort() };
  }

  return { scan, scanStaged, check };
}

function workerBesideThis(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./worker.${extension}`, import.meta.url);
}

const UNKNOWN: DiskStamp = { size: null, mtime: null };

function isUnchanged(stamp: FileStamp | undefined, file: CollectedFile): boolean {
  return (
    stamp !== undefined &&
    stamp.size === file.size &&
    stamp.mtime === file.mtime &&
    isCurrent(stamp)
  );
}

/** Whether what is known of a file is not what the index of git has, as far as that shows without reading. */
function isOutdated(
  root: string,
  path: string,
  stamp: FileStamp | undefined,
  isOnDisk: boolean,
): boolean {
  if (!stamp) return true;
  // A row without a stamp was made of something staged; one with it, of what lay on disk.
  if (!isOnDisk) return stamp.size === null;
  // Of thousands of paths, which are plain already: joining them would take as long as looking.
  const stats = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
  return !stats || !isUnchanged(stamp, { path, size: stats.size, mtime: microseconds(stats) });
}

/** Whether a file that was left out lies on disk as it did then. */
function isStillSkipped(root: string, file: SkippedFile): boolean {
  const stats = lstatSync(join(root, file.path), { throwIfNoEntry: false });
  if (!stats?.isFile()) return false;
  return stillSkipped(file, { size: stats.size, mtime: microseconds(stats) }) !== undefined;
}

function stampOf(root: string, path: string, startedAt: number): DiskStamp {
  const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
  return stats ? toStamp({ size: stats.size, mtime: microseconds(stats) }, startedAt) : UNKNOWN;
}

/**
 * A file that changed just now may change again within the same tick of its clock, which no later
 * look at its time would show: such a time is not kept.
 */
function toStamp({ size, mtime }: { size: number; mtime: number }, startedAt: number): DiskStamp {
  const tick = mtime % 1_000_000 === 0 ? 2_000_000 : 20_000;
  return mtime > startedAt - tick ? UNKNOWN : { size, mtime };
}

function readIfPossible(root: string, path: string): Buffer | null {
  try {
    return readFileSync(join(root, path));
  } catch {
    // Gone since it was listed, or unreadable: a scan would not index it either.
    return null;
  }
}
