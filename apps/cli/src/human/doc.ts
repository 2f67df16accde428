import type { Doc, DocHit, DocListItem } from '@codepakt/contract';
import { colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';
import { showTable } from './table.ts';
import { showTime } from './time.ts';

const { bold, dim, yellow } = colours;

export function showDocs(docs: readonly DocListItem[]): string {
  if (docs.length === 0) return dim('no docs');
  return showTable(docs, [
    { head: 'id', cell: ({ id }) => id },
    { head: 'type', cell: ({ type }) => type },
    { head: 'title', cell: ({ title }) => title, flexible: true },
    { head: 'section', cell: ({ section }) => section ?? '', cuttable: true },
    { head: 'tags', cell: ({ tags }) => tags.join(', '), cuttable: true },
    { head: 'author', cell: ({ author }) => author ?? '', cuttable: true },
    { head: 'changed', cell: ({ updated_at }) => showTime(updated_at) },
  ]);
}

/** The heading, what is known of it, and the text. */
export function showDoc(doc: Doc): string {
  return `${showDocHead(doc)}\n\n${doc.body}`;
}

export function showDocHead({
  id,
  title,
  type,
  section,
  tags,
  author,
  version,
  updated_at,
}: Doc): string {
  const facts = [
    type,
    section,
    tags.join(', '),
    author,
    `version ${version}`,
    showTime(updated_at),
  ];
  const told = facts.filter((fact) => fact !== null && fact !== '').join(', ');
  return `${bold(id)}  ${bold(toOneLine(title))}\n${dim(told)}`;
}

export function showHits(hits: readonly DocHit[]): string {
  if (hits.length === 0) return dim('nothing found');
  return hits
    .map(({ id, type, title, snippet }) => {
      const place = toOneLine(snippet).replace(/\*\*(.+?)\*\*/g, (_, word: string) => yellow(word));
      return `${bold(id)}  ${bold(toOneLine(title))}  ${dim(type)}\n    ${place}`;
    })
    .join('\n');
}
