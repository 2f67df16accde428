/** Which of two files of one name is meant: a compiler prefers the types, a runtime the code. */
export type Flavour = 'typescript' | 'javascript';

const TYPESCRIPT = ['.ts', '.tsx', '.d.ts'];
const JAVASCRIPT = ['.js', '.jsx', '.mjs', '.cjs'];
const LATE = ['.mts', '.cts', '.d.mts', '.d.cts', '.json'];

/** In the order of trying; what the other flavour prefers comes later, not never. */
const EXTENSIONS: Record<Flavour, string[]> = {
  typescript: [...TYPESCRIPT, ...JAVASCRIPT, ...LATE],
  javascript: [...JAVASCRIPT, '.json', ...TYPESCRIPT, ...LATE],
};

/** What is written `.js` may be a source file that becomes it, and `.ts` one that only has types. */
const SOURCES: Record<string, string[]> = {
  '.ts': ['.d.ts'],
  '.tsx': ['.d.ts'],
  '.mts': ['.d.mts'],
  '.cts': ['.d.cts'],
  '.js': ['.ts', '.tsx', '.d.ts', '.jsx'],
  '.jsx': ['.tsx', '.ts', '.d.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
};

/** The file that a path means, its extension filled in. */
export function findFile(
  paths: ReadonlySet<string>,
  path: string,
  flavour: Flavour,
): string | undefined {
  if (path === '') return undefined;
  const extension = /\.[mc]?[jt]sx?$/.exec(path)?.[0] ?? '';
  const stem = path.slice(0, path.length - extension.length);
  const sources = (SOURCES[extension] ?? []).map((source) => stem + source);
  const isSourceFirst = flavour === 'typescript' && extension.includes('j');
  const candidates = isSourceFirst ? [...sources, path] : [path, ...sources];
  return (
    candidates.find((candidate) => paths.has(candidate)) ?? withExtension(paths, path, flavour)
  );
}

/** The file that a path means, or the index of the folder that it means. */
export function findModule(
  paths: ReadonlySet<string>,
  path: string,
  flavour: Flavour,
): string | undefined {
  const index = path === '' ? 'index' : `${path}/index`;
  return findFile(paths, path, flavour) ?? withExtension(paths, index, flavour);
}

/** The like for a path into build output, which no file that only has types is compiled to. */
export function findSourceModule(paths: ReadonlySet<string>, path: string): string | undefined {
  const index = path === '' ? 'index' : `${path}/index`;
  for (const stem of path === '' ? [index] : [path, index]) {
    const extension = COMPILED.find((one) => paths.has(stem + one));
    if (extension) return stem + extension;
  }
  return undefined;
}

const COMPILED = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

export function withExtension(
  paths: ReadonlySet<string>,
  stem: string,
  flavour: Flavour,
): string | undefined {
  for (const extension of EXTENSIONS[flavour]) {
    const path = stem + extension;
    if (paths.has(path)) return path;
  }
  return undefined;
}
