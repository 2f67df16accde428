import type {
  CodeFolder,
  CodeSearchQuery,
  CodeSummary,
  CyclesQuery,
  DependentsQuery,
  FileDependents,
  FileImports,
  FileOutline,
  ImportCycles,
  ImportPath,
  ModuleGraph,
  OrphanFiles,
  OrphansQuery,
  SymbolHits,
  SymbolQuery,
  SymbolSource,
} from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { cycles } from './cycles.ts';
import { dependents } from './dependents.ts';
import { findPath } from './find-path.ts';
import { findSymbols } from './find-symbols.ts';
import { imports } from './imports.ts';
import { listFolder } from './list-folder.ts';
import { moduleGraph } from './module-graph.ts';
import { orphans } from './orphans.ts';
import { outline } from './outline.ts';
import { search } from './search.ts';
import { source } from './source.ts';
import { summary } from './summary.ts';

/**
 * The questions that the index answers. Paths are relative to the project's root, with forward
 * slashes; each answer says which of the files that it names were changed since they were read.
 */
export class CodeIndex {
  readonly #connection: Connection;
  readonly #root: string;

  /** @param root the folder whose files the index is of */
  constructor(connection: Connection, root: string) {
    this.#connection = connection;
    this.#root = root;
  }

  symbols(query: SymbolQuery): SymbolHits {
    return this.#connection.snapshot(() => findSymbols(this.#connection, this.#root, query));
  }

  /** @throws CodepaktError `file_not_found` */
  outline(file: string): FileOutline {
    return this.#connection.snapshot(() => outline(this.#connection, this.#root, file));
  }

  /** @throws CodepaktError `symbol_not_found`, `file_not_found` */
  source(of: string): SymbolSource {
    return this.#connection.snapshot(() => source(this.#connection, this.#root, of));
  }

  /** @throws CodepaktError `file_not_found` */
  imports(file: string): FileImports {
    return this.#connection.snapshot(() => imports(this.#connection, this.#root, file));
  }

  /** @throws CodepaktError `file_not_found` */
  dependents(query: DependentsQuery): FileDependents {
    return this.#connection.snapshot(() => dependents(this.#connection, this.#root, query));
  }

  summary(): CodeSummary {
    return this.#connection.snapshot(() => summary(this.#connection));
  }

  cycles(query: CyclesQuery = {}): ImportCycles {
    return this.#connection.snapshot(() => cycles(this.#connection, this.#root, query));
  }

  orphans(query: OrphansQuery = {}): OrphanFiles {
    return this.#connection.snapshot(() => orphans(this.#connection, this.#root, query));
  }

  /** @throws CodepaktError `file_not_found` */
  path(from: string, to: string): ImportPath {
    return this.#connection.snapshot(() => findPath(this.#connection, this.#root, { from, to }));
  }

  /** @param folder from the project's root; `''` is the root itself */
  folder(folder = ''): CodeFolder {
    return this.#connection.snapshot(() => listFolder(this.#connection, folder));
  }

  modules(): ModuleGraph {
    return this.#connection.snapshot(() => moduleGraph(this.#connection));
  }

  search(query: CodeSearchQuery): SymbolHits {
    return this.#connection.snapshot(() => search(this.#connection, this.#root, query));
  }
}
