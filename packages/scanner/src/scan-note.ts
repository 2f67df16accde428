import type { StagedChange } from './git-index.ts';
import { languages } from './languages.ts';

/** Raised with every change in where a resolver leads, so that all imports are resolved anew. */
export const RESOLVERS_VERSION = '3';

/** What the answers of all resolvers hang on. */
export interface Layout {
  version: string;
  /** Hash of all paths, and of where links lead. */
  paths: string;
  /** The files that were read, and the hash of their texts. */
  read: string[];
  texts: string;
}

/** What a scan leaves to the next one, kept as JSON beside the index. */
export interface ScanNote extends Layout {
  staged?: StagedNote | undefined;
}

/**
 * Which index of git the rows and the layout were made from. The next staged scan asks git for no
 * more than what differs from the same commit, and knows by this what of it is new.
 */
export interface StagedNote {
  commit: string;
  /** What git's index had besides that commit: path, and mode and blob as `StagedChange` has them. */
  entries: [path: string, entry: string][];
  /** Files whose rows may be of something else, since they were changed and not staged. */
  unsure: string[];
  /** The project's `.codepaktignore` files. */
  ignore_files: string[];
  /** Files that were read as configuration by the name of a link to them. */
  read_through_links: string[];
  /** The versions of all extractors: with another one all rows are outdated. */
  extractors: string;
}

/** With more than so much to compare, listing the whole index anew is as quick. */
const MOST_PATHS = 500;

export const EXTRACTORS = languages.map(({ extractor }) => extractor.version).join();

/** Undefined before the first scan, and when another version of codepakt wrote it. */
export function readNote(text: string | null): ScanNote | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as ScanNote);
  } catch {
    // A note of another version: as if there were none.
    return undefined;
  }
}

/** The note of a staged scan; undefined when it were too long to be worth it. */
export function toStagedNote({
  changes,
  ...facts
}: Omit<StagedNote, 'entries' | 'extractors'> & {
  /** In what git's index differs from the commit. */
  changes: ReadonlyMap<string, StagedChange>;
}): StagedNote | undefined {
  const entries = Array.from(changes, ([path, { to }]): [string, string] => [path, to]);
  return keptShort({ ...facts, entries, extractors: EXTRACTORS });
}

/** The note after a scan of the work tree, which may have read what is not staged. */
export function stagedAfter(
  staged: StagedNote | undefined,
  changed: Iterable<string>,
): StagedNote | undefined {
  if (staged === undefined) return undefined;
  return keptShort({ ...staged, unsure: [...new Set([...staged.unsure, ...changed])] });
}

function keptShort(staged: StagedNote): StagedNote | undefined {
  return staged.entries.length + staged.unsure.length <= MOST_PATHS ? staged : undefined;
}
