import { existsSync } from 'node:fs';
import type { KnownIndex } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { type Finding, ok, quoted, readUntouched, warning } from '@codepakt/core';
import { openIndex } from '@codepakt/core/light';
import { type IndexPlace, requireIndexPlace } from '../code/index-place.ts';
import { checkProject } from '../code/scan-project.ts';
import type { Context } from '../context.ts';
import { rootOf } from './project.ts';

const CHECK = 'code index';

/** Whether the index is there, and says of the files what they hold. */
export async function examineCodeIndex(context: Context): Promise<Finding[]> {
  if (rootOf(context) === undefined) return [];
  const place = requireIndexPlace(context);
  let known: KnownIndex;
  try {
    known = readKnown(place);
  } catch (error) {
    if (!(error instanceof CodepaktError)) throw error;
    if (error.code === 'index_out_of_date') return examineUnscanned(context, place);
    // A scan makes a worktree's own index anew. What is wrong with the board's database was told.
    return place.is_worktree
      ? [warning(CHECK, error.message, `rm ${quoted(place.index)} && cpk scan`)]
      : [];
  }
  const { changed, added, removed } = await checkProject(context, place, known);
  const counts = { changed: changed.length, new: added.length, gone: removed.length };
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  if (some.length === 0) return [ok(CHECK, `fits the files in ${place.root}`)];
  const what = some.map(([state, count]) => `${count} ${state}`).join(', ');
  return [warning(CHECK, `files since the last scan: ${what}`, 'cpk scan')];
}

async function examineUnscanned(context: Context, place: IndexPlace): Promise<Finding[]> {
  const { added } = await checkProject(context, place, undefined);
  if (added.length === 0) return [ok(CHECK, 'no code here that could be indexed')];
  return [warning(CHECK, 'nothing was scanned yet: cpk code has no answers', 'cpk scan')];
}

/** @throws CodepaktError `index_out_of_date` when there is none, or what is wrong with its database */
function readKnown({ index, root }: IndexPlace): KnownIndex {
  using open = openIndex(index, root, existsSync(index) ? readUntouched(index) : undefined);
  return open.known();
}
