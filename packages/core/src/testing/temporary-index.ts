import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  FileRecord,
  ImportRecord,
  ScanChanges,
  SkippedFile,
  SymbolRecord,
} from '@codepakt/contract';
import type { IndexUpdate, IndexWriter } from '../code/index-writer.ts';
import { type OpenCodeIndex, openIndex } from '../code/open-index.ts';
import { openBoardIndex } from '../code/open-index-to-write.ts';
import { temporaryProject } from './temporary-project.ts';

/** A file as a test states it: what is left out has a plain value. */
export interface StatedFile {
  text?: string | Buffer;
  language?: string;
  package?: string;
  symbols?: (Partial<SymbolRecord> & { name: string })[];
  imports?: (Partial<ImportRecord> & { specifier: string })[];
}

export type StatedTree = Record<string, StatedFile>;

export interface TemporaryIndex {
  /** The folder whose files are indexed. */
  root: string;
  file: string;
  writer: IndexWriter;
  /** Writes the files to disk and makes the index fit them, as a scan would. */
  scan(tree: StatedTree, skipped?: SkippedFile[]): void;
  /** Opened anew for each question. */
  ask<T>(question: (index: OpenCodeIndex) => T): T;
  [Symbol.dispose](): void;
}

/** An index in the database of a board, and a folder for its files; both go when it is disposed. */
export async function temporaryIndex(): Promise<TemporaryIndex> {
  const board = temporaryProject();
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-test-')));
  const writer = await openBoardIndex(board.file);
  return {
    root,
    file: board.file,
    writer,
    scan(tree, skipped = []) {
      const records = Object.entries(tree).map(([path, file]) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), file.text ?? '');
        return toRecord(path, file, root);
      });
      using update = writer.begin();
      const result = update.store(
        { ...changesTo(records, update), skipped },
        { began: performance.now() },
      );
      if (result === undefined) throw new Error('nobody else has scanned meanwhile');
    },
    ask(question) {
      using index = openIndex(board.file, root);
      return question(index);
    },
    [Symbol.dispose]() {
      writer.close();
      board[Symbol.dispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A whole record of a stated file; with a root, its size and time are those on disk. */
export function toRecord(path: string, stated: StatedFile, root?: string): FileRecord {
  const text = stated.text ?? '';
  const stats = root === undefined ? undefined : statSync(join(root, path));
  return {
    path,
    language: stated.language ?? 'typescript',
    size: stats?.size ?? Buffer.byteLength(text),
    mtime: stats === undefined ? 1 : Math.floor(stats.mtimeMs * 1_000),
    hash: createHash('sha256').update(text).digest('hex'),
    extractor_version: 1,
    lines: text.toString().split('\n').length - 1,
    has_errors: false,
    package: stated.package ?? null,
    symbols: (stated.symbols ?? []).map((symbol, number) => ({
      kind: 'function',
      parent: null,
      line: number + 1,
      column: 1,
      start_line: symbol.line ?? number + 1,
      end_line: symbol.line ?? number + 1,
      exported: true,
      signature: `function ${symbol.name}()`,
      doc: null,
      metadata: {},
      ...symbol,
    })),
    imports: (stated.imports ?? []).map((imported, number) => ({
      names: [],
      kind: 'import',
      line: number + 1,
      resolved: [],
      ...imported,
    })),
  };
}

/** What a scanner would yield that finds these files where it knew others. */
export function changesTo(
  records: readonly FileRecord[],
  { known: index }: Pick<IndexUpdate, 'known'>,
): ScanChanges {
  const known = new Map([...index.files].map((stamp) => [stamp.path, stamp]));
  const now = new Map(records.map((record) => [record.path, record]));
  const isSame = ({ path, hash }: FileRecord) => known.get(path)?.hash === hash;
  const sorted = records.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const relinked = [...index.imports()].flatMap(({ id, importer, line, resolved }) => {
    const record = now.get(importer);
    if (record === undefined || !isSame(record)) return [];
    const imported = record.imports.find((other) => other.line === line);
    const leads = imported?.resolved ?? [];
    return leads.join() === resolved.join() ? [] : [{ id, resolved: leads }];
  });
  return {
    parsed: sorted.filter((record) => !isSame(record)),
    touched: sorted.filter(isSame),
    removed: [...known.keys()].filter((path) => !now.has(path)),
    relinked,
    skipped: [],
    errors: [],
    layout: sorted.map(({ path }) => path).join(),
  };
}
