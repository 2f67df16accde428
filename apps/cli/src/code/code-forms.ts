import type {
  CodeSummary,
  FileDependents,
  FileImports,
  ImportCycles,
  ImportedName,
  ImportPath,
  OrphanFiles,
  SymbolHit,
  SymbolSource,
} from '@codepakt/contract';
import { terse } from '../terse.ts';
import type { ShownOutline } from './shown-outline.ts';

/*
 * The shortest forms in which answers about code say all: places as `file:line`, nothing twice, and
 * what the question said is not said again.
 */

/** A symbol of the very name that was asked for is shown with its signature. */
export function symbolForm(hit: SymbolHit, name?: string): unknown {
  const isExact = name !== undefined && hit.name.toLowerCase() === lastName(name).toLowerCase();
  return terse({
    name: hit.name,
    kind: hit.kind,
    in: hit.parent,
    at: `${hit.file}:${hit.line}`,
    signature: isExact ? hit.signature : null,
    stale: hit.stale || null,
  });
}

export function searchForm(hit: SymbolHit): unknown {
  return terse({
    at: `${hit.file}:${hit.line}`,
    kind: hit.kind,
    in: hit.parent,
    signature: hit.signature,
    doc: hit.doc,
    stale: hit.stale || null,
  });
}

/** Each symbol as one line: its lines and its signature, further in than what it lies in. */
export function outlineForm(shown: ShownOutline): unknown {
  const { lines, has_errors, outline, deeper, stale } = shown;
  return {
    lines,
    outline: outline.map(
      ({ depth, start_line, end_line, signature }) =>
        `${'  '.repeat(depth)}${span(start_line, end_line)} ${signature}`,
    ),
    ...(deeper > 0 ? { deeper } : {}),
    ...(has_errors ? { has_errors } : {}),
    ...(stale ? { stale } : {}),
  };
}

export function sourceForm(source: SymbolSource): unknown {
  return terse({
    at: `${source.file}:${span(source.start_line, source.end_line)}`,
    text: source.text,
    stale: source.stale || null,
    also: source.others.map(({ file, line }) => `${file}:${line}`),
  });
}

/** What leads to files of the project; then what leads out of it, by name; then what leads nowhere. */
export function importsForm({ imports, stale }: FileImports): unknown {
  const inside = imports.filter(({ resolved }) => resolved.length > 0);
  const others = imports.filter(({ resolved }) => resolved.length === 0);
  const isRelative = (specifier: string) => specifier.startsWith('.');
  return {
    imports: inside.flatMap(({ line, kind, names, resolved }) =>
      resolved.map((file) =>
        terse({
          file,
          line,
          kind: kind === 'import' ? null : kind,
          names: namesFrom(file, names, resolved).map(({ name, alias }) =>
            alias === null ? name : `${name} as ${alias}`,
          ),
        }),
      ),
    ),
    ...unlessEmpty('outside', [
      ...new Set(others.map(({ specifier }) => specifier).filter((name) => !isRelative(name))),
    ]),
    ...unlessEmpty(
      'unresolved',
      others
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier, line }) => `${specifier}:${line}`),
    ),
    ...(stale ? { stale } : {}),
  };
}

/** Of `from . import module, name`, which brings in several files, what each of them is imported for. */
function namesFrom(
  file: string,
  names: readonly ImportedName[],
  resolved: readonly string[],
): readonly ImportedName[] {
  if (resolved.length < 2) return names;
  const own = names.filter(({ name }) => name === moduleName(file));
  if (own.length > 0) return own;
  const others = new Set(resolved.map(moduleName));
  return names.filter(({ name }) => !others.has(name));
}

/** `web` for `web.py` and for `web/__init__.py`. */
function moduleName(file: string): string {
  return /([^/]*?)(?:\/__init__)?\.\w+$/.exec(file)?.[1] ?? file;
}

/** The direct ones with the line of their import; all of them by how many imports lie between. */
export function dependentsForm({ total, items, stale }: FileDependents): unknown {
  const isDirect = items.every(({ line }) => line !== null);
  return {
    dependents: isDirect ? items.map(({ file, line }) => `${file}:${line}`) : byDistance(items),
    ...(total > items.length ? { total } : {}),
    ...unlessEmpty('stale', stale),
  };
}

function byDistance(items: FileDependents['items']): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { file, distance } of items) {
    groups[distance] ??= [];
    groups[distance].push(file);
  }
  return groups;
}

export function cyclesForm({ total, items, stale }: ImportCycles): unknown {
  return {
    cycles: items.map(({ files, cycle }) => ({
      ...(files > cycle.length ? { files } : {}),
      cycle: cycle.map(({ file, line }) => `${file}:${line}`),
    })),
    ...(total > items.length ? { total } : {}),
    ...unlessEmpty('stale', stale),
  };
}

export function orphansForm({ total, items, entry_points, stale }: OrphanFiles): unknown {
  return {
    orphans: items,
    ...(total > items.length ? { total } : {}),
    ...(entry_points > 0 ? { entry_points } : {}),
    ...unlessEmpty('stale', stale),
  };
}

export function pathForm({ steps, stale }: ImportPath): unknown {
  return {
    path: steps.map(({ file, line }) => (line === null ? file : `${file}:${line}`)),
    ...unlessEmpty('stale', stale),
  };
}

/** Lists of files with a number are maps here. */
export function summaryForm({
  folders,
  most_imported,
  entry_points,
  ...rest
}: CodeSummary): unknown {
  const { tests, with_errors, ...counts } = rest;
  return terse({
    ...counts,
    tests: tests || null,
    with_errors: with_errors || null,
    folders: toMap(folders),
    most_imported: toMap(most_imported),
    entry_points: toMap(entry_points),
  });
}

function toMap(counts: readonly { file: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(counts.map(({ file, count }) => [file, count]));
}

/** `12-40`, or `12` for a single line. */
export function span(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function unlessEmpty(name: string, values: readonly string[]): Record<string, readonly string[]> {
  return values.length === 0 ? {} : { [name]: values };
}

function lastName(name: string): string {
  return name.split(/[.#:]+/).at(-1) ?? name;
}
