import type { ImportKind, SymbolKind } from '@codepakt/contract';

/** What a compiler says of one declaration. */
export interface TrueSymbol {
  name: string;
  kind: SymbolKind;
  parent: string | null;
  line: number;
  end_line: number;
  exported: boolean;
}

/** What a compiler says of one import. */
export interface TrueImport {
  specifier: string;
  kind: ImportKind;
  line: number;
  /** Files of the project; null where the compiler can't tell without an installation or a build. */
  resolved: string[] | null;
}

export interface TrueFile {
  path: string;
  symbols: TrueSymbol[];
  imports: TrueImport[];
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
  /**
   * @param paths all files of those languages that the scanner indexed
   * @param listed every file of the project
   */
  read(root: string, paths: string[], listed: string[]): Promise<Truth>;
}
