import { type CodeIndex, openIndex } from '@codepakt/core/light';
import type { Options } from '../command.ts';
import type { Context } from '../context.ts';
import { type IndexPlace, requireIndexPlace, toIndexPath } from './index-place.ts';

/** Of every question to the index. */
export const FRESH_OPTION = {
  fresh: { type: 'flag', describe: 'scan first: seconds at most, and nothing is stale' },
} as const satisfies Options;

/** Of every question that may have many answers. */
export const LIMIT_OPTION = {
  limit: { type: 'integer', least: 1, describe: 'how many at most', old: ['l'] },
} as const satisfies Options;

/** What a question needs: the index, and the way from a file as it is typed to one of the index. */
export interface Question {
  index: CodeIndex;
  toPath(given: string): string;
}

/**
 * Opens the index of the project where the command stands, asks it, and closes it.
 * @throws CodepaktError `project_not_found`, `index_out_of_date`, and what the question throws
 */
export async function askIndex<T>(
  context: Context,
  { fresh }: { fresh: boolean | undefined },
  question: (asked: Question) => T,
): Promise<T> {
  const place: IndexPlace = requireIndexPlace(context);
  if (fresh === true) {
    const { scanProject } = await import('./scan-project.ts');
    await scanProject(context, place);
  }
  using index = openIndex(place.index, place.root);
  return question({ index, toPath: (given) => toIndexPath(given, place, context.invocation.cwd) });
}
