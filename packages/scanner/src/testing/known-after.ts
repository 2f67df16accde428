import type { KnownImport, KnownIndex, ScanChanges } from '@codepakt/contract';

/** An index in memory: what a scan changes, put into what was known before. */
export interface MemoryIndex {
  known: KnownIndex;
  /** `importer -> targets` of every import, sorted. */
  edges(): string[];
  /** Everything that the index says of the files, without what only tells when it was read. */
  content(): unknown;
}

/** What is known once `changes` are stored on top of `before`, as a database would store them. */
export function knownAfter(
  changes: ScanChanges,
  before?: MemoryIndex & Stored,
): MemoryIndex & Stored {
  const files = new Map(before?.stored);
  for (const path of changes.removed) files.delete(path);
  for (const stamp of changes.touched) {
    const file = files.get(stamp.path);
    if (file) files.set(stamp.path, { ...file, ...stamp });
  }
  for (const file of changes.parsed) files.set(file.path, file);
  const relinked = new Map(changes.relinked.map(({ id, resolved }) => [id, resolved]));
  if (before) {
    for (const { id, importer, resolved } of before.known.imports()) {
      const file = files.get(importer);
      const target = relinked.get(id);
      if (!file || !target || changes.parsed.includes(file)) continue;
      const imports = file.imports.map((one) =>
        one.resolved === resolved ? { ...one, resolved: target } : one,
      );
      files.set(importer, { ...file, imports });
    }
  }
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const imports: KnownImport[] = sorted
    .flatMap((file) => file.imports.map((one) => ({ ...one, importer: file.path })))
    .map((one, id) => ({ ...one, id }));
  return {
    stored: files,
    known: {
      files: sorted,
      file: (path) => {
        const stamp = files.get(path);
        return stamp && { stamp, imports: imports.filter(({ importer }) => importer === path) };
      },
      skipped: changes.skipped,
      layout: changes.layout,
      imports: (names) =>
        imports.filter(
          ({ specifier }) =>
            names === undefined ||
            !/^\.{1,2}\//.test(specifier) ||
            /[./]$/.test(specifier) ||
            names.some((name) => specifier.includes(`/${name}`)),
        ),
    },
    edges: () => imports.map((one) => `${one.importer} -> ${one.resolved.join(' ')}`).sort(),
    content: () => sorted.map(({ size: _, mtime: __, ...file }) => file),
  };
}

interface Stored {
  stored: Map<string, ScanChanges['parsed'][number]>;
}
