import * as Type from 'typebox';
import { ImportedName } from './code.ts';
import { closed, label, nullable, oneOf } from './text.ts';
import { IMPORT_KINDS, LIMITS, SYMBOL_KINDS } from './vocabulary.ts';

/** Relative to the project's root, with forward slashes; a folder that is imported as a whole ends in one. */
const Path = Type.String();
const Line = Type.Integer({ minimum: 1 });
const Stale = Type.Boolean({
  description: 'the file was changed since, or is gone: rescan, or look for yourself',
});
const StaleFiles = Type.Array(Path, {
  description: 'those named here that were changed since, or are gone',
});

const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.page }));
const path = label(LIMITS.glob);

export const SymbolQuery = closed({
  name: Type.Optional(
    label(LIMITS.search, 'a name, its beginning, beginnings of its words, or some of its letters'),
  ),
  kind: Type.Optional(Type.Array(oneOf(SYMBOL_KINDS))),
  file: Type.Optional(label(LIMITS.glob, 'in this file, or in files below this folder')),
  exported: Type.Optional(Type.Boolean()),
  limit,
});
export type SymbolQuery = Type.Static<typeof SymbolQuery>;

/** A declaration and where it is. */
export const SymbolHit = Type.Object({
  name: Type.String(),
  kind: oneOf(SYMBOL_KINDS),
  parent: nullable(Type.String()),
  file: Path,
  line: Line,
  end_line: Line,
  exported: Type.Boolean(),
  signature: Type.String(),
  doc: nullable(Type.String()),
  stale: Stale,
});
export type SymbolHit = Type.Static<typeof SymbolHit>;

/** The best first. */
export const SymbolHits = Type.Object({
  items: Type.Array(SymbolHit),
  more: Type.Boolean({ description: 'there are others beyond the limit' }),
});
export type SymbolHits = Type.Static<typeof SymbolHits>;

export const CodeSearchQuery = closed({ q: label(LIMITS.search), limit });
export type CodeSearchQuery = Type.Static<typeof CodeSearchQuery>;

export const FileQuery = closed({ file: path });
export type FileQuery = Type.Static<typeof FileQuery>;

export const FileOutline = Type.Object({
  file: Path,
  language: Type.String(),
  lines: Type.Integer(),
  has_errors: Type.Boolean({ description: 'the grammar could not read all of it' }),
  symbols: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: oneOf(SYMBOL_KINDS),
      depth: Type.Integer({ description: 'how many others it lies in' }),
      start_line: Line,
      end_line: Line,
      exported: Type.Boolean(),
      signature: Type.String(),
    }),
    { description: 'in the order of the text' },
  ),
  passed_on: Type.Array(
    Type.Object({
      line: Line,
      names: Type.Array(ImportedName),
      from: Type.String({ description: 'a file of the project, or what is written' }),
    }),
    { description: 'what it exports from elsewhere' },
  ),
  stale: Stale,
});
export type FileOutline = Type.Static<typeof FileOutline>;

export const SourceQuery = closed({
  of: label(LIMITS.search, 'a name (`close`, `Project.close`), or a place (`src/project.ts:98`)'),
});
export type SourceQuery = Type.Static<typeof SourceQuery>;

export const SymbolSource = Type.Object({
  name: Type.String(),
  kind: oneOf(SYMBOL_KINDS),
  parent: nullable(Type.String()),
  file: Path,
  start_line: Line,
  end_line: Line,
  text: nullable(Type.String({ description: 'null when the file is not what was indexed' })),
  stale: Stale,
  others: Type.Array(Type.Object({ file: Path, line: Line }), {
    description: 'declarations of the same name elsewhere',
  }),
});
export type SymbolSource = Type.Static<typeof SymbolSource>;

export const FileImports = Type.Object({
  file: Path,
  imports: Type.Array(
    Type.Object({
      line: Line,
      kind: oneOf(IMPORT_KINDS),
      specifier: Type.String(),
      names: Type.Array(ImportedName),
      resolved: Type.Array(Path, { description: 'empty when it lies outside the project' }),
    }),
  ),
  stale: Stale,
});
export type FileImports = Type.Static<typeof FileImports>;

export const DependentsQuery = closed({
  file: path,
  transitive: Type.Optional(Type.Boolean()),
  limit,
});
export type DependentsQuery = Type.Static<typeof DependentsQuery>;

export const FileDependents = Type.Object({
  file: Path,
  total: Type.Integer(),
  items: Type.Array(
    Type.Object({
      file: Path,
      line: Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        description: 'of its first import of the file; null when it imports it by way of others',
      }),
      distance: Type.Integer({ minimum: 1, description: 'how many imports lie between' }),
    }),
    { description: 'the nearest first, tests last' },
  ),
  stale: StaleFiles,
});
export type FileDependents = Type.Static<typeof FileDependents>;

const Count = Type.Integer({ minimum: 0 });
const FileCount = Type.Object({ file: Path, count: Count });

export const CodeSummary = Type.Object({
  files: Count,
  lines: Count,
  symbols: Count,
  imports: Count,
  tests: Type.Integer({ description: 'of the files' }),
  with_errors: Type.Integer({ description: 'files that the grammar could not read in full' }),
  languages: Type.Record(Type.String(), Count, { description: 'files of each' }),
  folders: Type.Array(FileCount, { description: 'the largest, with the files below them' }),
  most_imported: Type.Array(FileCount, { description: 'with how many files import them' }),
  entry_points: Type.Array(FileCount, {
    description:
      'files that nothing imports, or tests and examples alone, with how many files they bring in',
  }),
  skipped: Type.Record(Type.String(), Count, { description: 'files left out, by reason' }),
  scanned_at: nullable(Type.String()),
});
export type CodeSummary = Type.Static<typeof CodeSummary>;

export const ImportCycles = Type.Object({
  total: Count,
  items: Type.Array(
    Type.Object({
      files: Type.Integer({ description: 'that all reach each other' }),
      cycle: Type.Array(Type.Object({ file: Path, line: Line }), {
        description: 'a shortest way round: each imports the next on that line, the last the first',
      }),
    }),
    { description: 'the largest first' },
  ),
  stale: StaleFiles,
});
export type ImportCycles = Type.Static<typeof ImportCycles>;

export const CyclesQuery = closed({
  types: Type.Optional(
    Type.Boolean({
      description: 'imports of types alone count too, though they vanish at run time',
    }),
  ),
  limit,
});
export type CyclesQuery = Type.Static<typeof CyclesQuery>;

export const OrphansQuery = closed({
  tests: Type.Optional(Type.Boolean({ description: 'tests too, which runners find by name' })),
  limit,
});
export type OrphansQuery = Type.Static<typeof OrphansQuery>;

export const OrphanFiles = Type.Object({
  total: Count,
  items: Type.Array(Path),
  entry_points: Type.Integer({
    description:
      'files besides these that something else starts: a package.json names them, or a tool finds them by name',
  }),
  stale: StaleFiles,
});
export type OrphanFiles = Type.Static<typeof OrphanFiles>;

export const PathQuery = closed({ from: path, to: path });
export type PathQuery = Type.Static<typeof PathQuery>;

export const ImportPath = Type.Object({
  steps: Type.Array(
    Type.Object({
      file: Path,
      line: Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        description: 'where it imports the next; null for the last',
      }),
    }),
    { description: 'a shortest way; empty when there is none' },
  ),
  stale: StaleFiles,
});
export type ImportPath = Type.Static<typeof ImportPath>;

export const FolderQuery = closed({
  folder: Type.Optional(label(LIMITS.glob, 'left out: the root of the project')),
});
export type FolderQuery = Type.Static<typeof FolderQuery>;

export const CodeFolder = Type.Object({
  folder: Type.String({ description: 'with a slash at its end; empty for the root' }),
  folders: Type.Array(FileCount, { description: 'with the files below them' }),
  files: Type.Array(Type.Object({ file: Path, lines: Count })),
});
export type CodeFolder = Type.Static<typeof CodeFolder>;

export const ModuleGraph = Type.Object({
  folders: Type.Array(Type.Object({ folder: Path, files: Count, lines: Count })),
  edges: Type.Array(
    Type.Object({
      from: Path,
      to: Path,
      count: Type.Integer({ description: 'files of the first that import files of the second' }),
      is_cyclic: Type.Boolean({ description: 'the second reaches the first by imports too' }),
    }),
  ),
});
export type ModuleGraph = Type.Static<typeof ModuleGraph>;
