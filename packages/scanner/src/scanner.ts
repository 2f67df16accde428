import type { FileRecord, KnownIndex, ScanChanges } from '@codepakt/contract';
import {
  addOutcome,
  addSkipped,
  beginFindings,
  concludeFindings,
  isCurrent,
  isUnchanged,
  knownHash,
  stillSkipped,
} from './changes.ts';
import { type CollectedFile, collectFiles } from './collect-files.ts';
import { loadGrammars } from './grammar.ts';
import { hashOf } from './parse-file.ts';
import { createResolvers, workTree } from './project-tree.ts';
import { MAX_BYTES, readSource } from './read-source.ts';
import { readNote, stagedAfter } from './scan-note.ts';
import { scanStaged } from './scan-staged.ts';
import { readIfPossible, toStamp, UNKNOWN } from './work-file.ts';
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

const NOTHING: KnownIndex = {
  files: [],
  file: () => undefined,
  skipped: [],
  layout: null,
  imports: () => [],
};

export function createScanner({ grammarsDir, workerUrl }: ScannerOptions): Scanner {
  const pool = { grammarsDir, workerUrl: workerUrl ?? workerBesideThis() };

  async function scan(request: ScanRequest): Promise<ScanChanges> {
    const { root, known = NOTHING, full = false, onProgress, onFile, signal } = request;
    const startedAt = Date.now() * 1000;
    const listing = await collectFiles(root);
    const note = readNote(known.layout);
    const tree = workTree(root, listing);
    const findings = beginFindings(known, () => createResolvers(tree, note), onFile);
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
        .map(({ path }) => ({
          path,
          known_hash: full ? null : knownHash(findings.known.get(path)),
        })),
      bytes: wanted.reduce((sum, file) => sum + file.size, 0),
      onProgress: (done: number) => onProgress?.({ done, total }),
      signal,
    };
    await parseAll(work, (outcome) => {
      const path = 'parsed' in outcome ? outcome.parsed.path : outcome.path;
      addOutcome(findings, outcome, stamps.get(path) ?? UNKNOWN);
    });
    onProgress?.({ done: total, total });
    return concludeFindings(findings, {
      known,
      expected: findings.known.keys(),
      noteStaged: (changed, { isKnown }) =>
        isKnown ? stagedAfter(note?.staged, changed) : undefined,
    });
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

  return {
    scan,
    scanStaged: ({ root, known = NOTHING, onFile }) =>
      scanStaged({ root, known, onFile, grammars: loadGrammars(grammarsDir) }),
    check,
  };
}

function workerBesideThis(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./worker.${extension}`, import.meta.url);
}
