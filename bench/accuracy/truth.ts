import type { ImportedName, ImportKind, SymbolKind, SymbolMetadata } from '@codepakt/contract';

/** What a compiler says of one declaration. */
export interface TrueSymbol {
  name: string;
  kind: SymbolKind;
  parent: string | null;
  line: number;
  end_line: number;
  exported: boolean;
  /** These are compared where the compiler says them. */
  column?: number | null;
  start_line?: number;
  metadata?: SymbolMetadata;
}

/** What a compiler says of one import. */
export interface TrueImport {
  specifier: string;
  kind: ImportKind;
  line: number;
  /** Compared where the compiler says them. */
  names?: ImportedName[];
  /** Files of the project; null where the compiler can't tell without an installation or a build. */
  resolved: string[] | null;
}

export interface TrueFile {
  path: string;
  symbols: TrueSymbol[];
  imports: TrueImport[];
  /** The folder whose import brings the file in, where a language imports folders. */
  package?: string | null;
}

/** The truth about all files of one family of languages in a project. */
export interface Truth {
  files: TrueFile[];
  /** Files that the compiler itself can't parse: nothing is compared there. */
  broken: string[];
}

export interface Reference {
  /** Languages of the scanner's table that this compiler knows. */
  languages: string[];
  /** Why the compiler can't be asked; null when it can. */
  whyNot?(): string | null;
  /**
   * @param paths all files of those languages that the scanner indexed
   * @param listed every file of the project
   */
  read(root: string, paths: string[], listed: string[], settings: Settings): Promise<Truth>;
}

/** What a project settles outside of its files, and nobody can guess. */
export interface Settings {
  /** Folders of the project that stand on Python's search path. */
  search_path: string[];
}
