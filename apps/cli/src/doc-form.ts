import type { Doc, DocListItem } from '@codepakt/contract';
import { terse } from './terse.ts';

/** What a change of a doc prints. */
export function docForm({ id, version }: Doc): unknown {
  return { id, version };
}

/** What a list tells of each doc. */
export function docListForm(docs: readonly DocListItem[]): unknown {
  return docs.map(({ id, type, title, section, tags, author, updated_at, body }) =>
    terse({ id, type, title, section, tags, author, updated_at, body }),
  );
}
