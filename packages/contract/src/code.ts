import * as Type from 'typebox';
import { nullable, oneOf } from './text.ts';
import { IMPORT_KINDS, SKIP_REASONS, SYMBOL_KINDS } from './vocabulary.ts';

/** Relative to the project's root, with forward slashes. */
const Path = Type.String();

/** Counted from one. */
const Line = Type.Integer({ minimum: 1 });

/**
 * What is true of a declaration beyond its kind: `async`, `static`, `abstract`, `generator`,
 * `accessor`, `visibility`, `decorators`, `receiver` and the like. Only what holds is there.
 */
export const SymbolMetadata = Type.Record(
  Type.String(),
  Type.Union([Type.Boolean(), Type.String(), Type.Array(Type.String())]),
);
export type SymbolMetadata = Type.Static<typeof SymbolMetadata>;

/** A declaration that is reached without entering a function body. */
export const SymbolRecord = Type.Object({
  name: Type.String(),
  kind: oneOf(SYMBOL_KINDS),
  parent: nullable(
    Type.String({ description: 'the names around it, outermost first: `Outer.Inner`' }),
  ),
  line: { ...Line, description: 'of the name' },
  column: { ...Line, description: 'of the name, in UTF-16 units' },
  start_line: { ...Line, description: 'of the declaration, with its modifiers and decorators' },
  end_line: Line,
  exported: Type.Boolean(),
  signature: Type.String({ description: 'one line, as written, without the body' }),
  doc: nullable(Type.String({ description: 'the first sentence of its doc comment' })),
  metadata: SymbolMetadata,
});
export type SymbolRecord = Type.Static<typeof SymbolRecord>;

/**
 * `default` is the default export, `*` everything; `alias` is the name it has in this file, or
 * for a re-export the name under which it leaves; null when it is the same.
 */
export const ImportedName = Type.Object({ name: Type.String(), alias: nullable(Type.String()) });
export type ImportedName = Type.Static<typeof ImportedName>;

/** One import statement or call, before anyone has looked where it leads. */
export const ImportStatement = Type.Object({
  specifier: Type.String({ description: 'as written: `./task.ts`, `..models`, `fmt`' }),
  names: Type.Array(ImportedName),
  kind: oneOf(IMPORT_KINDS),
  line: Line,
});
export type ImportStatement = Type.Static<typeof ImportStatement>;

export const ImportRecord = Type.Object({
  ...ImportStatement.properties,
  resolved: Type.Array(Path, {
    description:
      'what of the project it brings in, sorted: files, and where a language imports whole folders (Go) the folder with a slash at its end; empty when that lies outside or cannot be told',
  }),
});
export type ImportRecord = Type.Static<typeof ImportRecord>;

/** How a file was when it was read; size and time are null where they must not be relied on. */
export const FileStamp = Type.Object({
  path: Path,
  language: Type.String(),
  size: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'bytes' }),
  mtime: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'microseconds since 1970',
  }),
  hash: Type.String({ description: 'SHA-256 of the bytes, hexadecimal' }),
  extractor_version: Type.Integer(),
});
export type FileStamp = Type.Static<typeof FileStamp>;

/** A file that was read and all that was found in it, in the order of the text. */
export const FileRecord = Type.Object({
  ...FileStamp.properties,
  lines: Type.Integer(),
  has_errors: Type.Boolean({ description: 'the grammar could not read all of it' }),
  package: nullable(
    Type.String({
      description:
        'the folder, with a slash at its end (`./` for the root), whose import brings this file in',
    }),
  ),
  symbols: Type.Array(SymbolRecord),
  imports: Type.Array(ImportRecord),
});
export type FileRecord = Type.Static<typeof FileRecord>;

/** A file of a known language that is not indexed, and how it was when that was found. */
export const SkippedFile = Type.Object({
  ...Type.Pick(FileStamp, ['path', 'size', 'mtime', 'extractor_version']).properties,
  reason: oneOf(SKIP_REASONS),
});
export type SkippedFile = Type.Static<typeof SkippedFile>;

export const ScanProblem = Type.Object({ file: Path, message: Type.String() });
export type ScanProblem = Type.Static<typeof ScanProblem>;

/** An import that the index holds, as the scanner needs it to see whether it leads elsewhere now. */
export interface KnownImport extends ImportRecord {
  id: number;
  importer: string;
}

/** What the index holds of one file. */
export interface KnownFile {
  stamp: FileStamp;
  imports: readonly KnownImport[];
}

/** What the index holds already: the scanner yields the difference. */
export interface KnownIndex {
  files: Iterable<FileStamp>;
  /** One of them, for a scan that needs few. */
  file(path: string): KnownFile | undefined;
  /** What the last scan left out, so that it need not look into these files again. */
  skipped: readonly SkippedFile[];
  /** What the last scan yielded as `layout`; null before the first. */
  layout: string | null;
  /**
   * Asked for only when imports of unchanged files may lead elsewhere.
   * @param names leave out relative imports of files that have none of these names after a slash
   */
  imports(names?: readonly string[]): Iterable<KnownImport>;
}

/** What has to be stored so that the index fits the tree; everything sorted by path or id. */
export interface ScanChanges {
  /**
   * Files that are new or have another content: all rows of theirs are replaced by these. Empty
   * where the scanner was asked to hand them over one by one.
   */
  parsed: FileRecord[];
  /** Files with the content that is known, but another size or time. */
  touched: FileStamp[];
  /** Files that are known and no longer part of the project. */
  removed: string[];
  /** Imports of unchanged files that lead elsewhere now. */
  relinked: { id: number; resolved: string[] }[];
  /** All files that are left out, whether this scan looked into them or not. */
  skipped: SkippedFile[];
  errors: ScanProblem[];
  /** To be kept and given back with the next scan. */
  layout: string;
}

/** What `cpk scan` answers: everything is counted, nothing is left out in silence. */
export const ScanResult = Type.Object({
  files: Type.Integer({ description: 'in the index afterwards' }),
  parsed: Type.Integer(),
  unchanged: Type.Integer(),
  removed: Type.Integer(),
  skipped: Type.Partial(
    Type.Object({
      too_large: Type.Integer(),
      binary: Type.Integer(),
      minified: Type.Integer(),
      too_complex: Type.Integer({ description: 'the parser gave up' }),
      unreadable: Type.Integer(),
    }),
  ),
  symbols: Type.Integer(),
  imports: Type.Integer(),
  errors: Type.Array(ScanProblem),
  languages: Type.Record(Type.String(), Type.Integer(), { description: 'files of each' }),
  duration_ms: Type.Number(),
});
export type ScanResult = Type.Static<typeof ScanResult>;
