import type { Card } from '../api/card.ts';

export type GroupBy = 'epic' | 'agent';

export type Row =
  | { kind: 'card'; key: string; card: Card }
  | { kind: 'heading'; key: string; name: string; count: number };

/** The lines of a column: its cards, under headings when they are grouped. */
export function toRows(cards: readonly Card[], group: GroupBy | undefined): Row[] {
  if (group === undefined) return cards.map(toRow);
  const groups = Map.groupBy(cards, (card) => (group === 'epic' ? card.epic : card.assignee) ?? '');
  return [...groups]
    .sort(([a], [b]) => compareNames(a, b))
    .flatMap(([name, members]): Row[] => [
      {
        kind: 'heading',
        key: `group ${name}`,
        name: name === '' ? (group === 'epic' ? 'No epic' : 'Nobody') : name,
        count: members.length,
      },
      ...members.map(toRow),
    ]);
}

function toRow(card: Card): Row {
  return { kind: 'card', key: card.id, card };
}

/** By the alphabet, those without a name last. */
function compareNames(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return a.localeCompare(b);
}
