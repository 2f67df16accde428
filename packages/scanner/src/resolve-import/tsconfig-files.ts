import { pathMatcher } from './path-glob.ts';

/** Which files a tsconfig is for; every path and pattern is the project's. */
export interface TsconfigFiles {
  folder: string;
  files: string[] | undefined;
  include: string[] | undefined;
  exclude: string[] | undefined;
  outDirs: string[];
}

/** Answers for a file whether `files`, `include` and `exclude` take it in, extensions aside. */
export function fileMatcher(config: TsconfigFiles): (file: string) => boolean {
  const files = new Set(config.files);
  const everything = config.folder === '' ? '**/*' : `${config.folder}/**/*`;
  const include = config.include ?? (config.files ? [] : [everything]);
  const isIncluded = pathMatcher(include.map(asFiles), 'whole');
  const isExcluded = pathMatcher(
    // What lies below a folder is excluded with it.
    (config.exclude ?? config.outDirs).map((pattern) => pattern.replace(/(?:\/\*\*)+$/, '')),
    'below',
  );
  return (file) => files.has(file) || (isIncluded(file) && !isExcluded(file));
}

/** A last part without wildcard or extension names a folder. */
function asFiles(pattern: string): string {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  if (last === '**') return `${pattern}/*`;
  return /[.*?]/.test(last) ? pattern : pattern === '' ? '**/*' : `${pattern}/**/*`;
}
