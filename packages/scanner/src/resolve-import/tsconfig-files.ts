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
  const isIncluded = anyOf(include.map((pattern) => `${toPattern(asFiles(pattern))}$`));
  const isExcluded = anyOf(
    (config.exclude ?? config.outDirs)
      // What lies below a folder is excluded with it.
      .map((pattern) => pattern.replace(/(?:\/\*\*)+$/, ''))
      .map((pattern) => `${toPattern(pattern)}(?:/|$)`),
  );
  return (file) => files.has(file) || (isIncluded.test(file) && !isExcluded.test(file));
}

/** A last part without wildcard or extension names a folder. */
function asFiles(pattern: string): string {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  if (last === '**') return `${pattern}/*`;
  return /[.*?]/.test(last) ? pattern : pattern === '' ? '**/*' : `${pattern}/**/*`;
}

/** The three wildcards that tsconfig knows: `**` for folders, `*` and `?` within a name. */
function toPattern(glob: string): string {
  return glob
    .split('/')
    .map((part, index, parts) => {
      if (part === '**') return '(?:(?!node_modules/)[^/.][^/]*/)*';
      const name = part
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '[^/]*')
        .replace(/\?/g, '[^/]');
      return index < parts.length - 1 ? `${name}/` : name;
    })
    .join('');
}

function anyOf(patterns: string[]): RegExp {
  return patterns.length === 0
    ? /(?!)/
    : new RegExp(patterns.map((pattern) => `^${pattern}`).join('|'));
}
