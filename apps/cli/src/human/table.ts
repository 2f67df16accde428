import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';

export interface Column<Row> {
  head: string;
  cell(row: Row): string;
  /** Gives way when the terminal is too narrow. */
  flexible?: true;
}

const GAP = '  ';
const LEAST_WIDTH = 12;

/** Aligned columns; those that are empty in all rows are left out, and the flexible one is cut to fit the terminal. */
export function showTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => toOneLine(column.cell(row))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const widths = filled.map(({ head, cells }) => Math.max(...[head, ...cells].map(widthOf)));
  const flexible = filled.findIndex((column) => column.flexible === true);
  const room = process.stdout.columns || Number.POSITIVE_INFINITY;
  const over = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room;
  if (flexible >= 0 && over > 0) {
    widths[flexible] = Math.max(LEAST_WIDTH, (widths[flexible] ?? 0) - over);
  }
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => fit(cell, widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  return [
    colours.dim(line(filled.map(({ head }) => head))),
    ...rows.map((_, row) => line(filled.map(({ cells }) => cells[row] ?? ''))),
  ].join('\n');
}

/** Cut or filled up to a width in terminal columns. */
function fit(cell: string, width: number): string {
  const missing = width - widthOf(cell);
  return missing >= 0 ? cell + ' '.repeat(missing) : cut(cell, width);
}

/** Cut to a width, with … at the end; colours are given up. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(text))) {
    if (widthOf(kept) + widthOf(segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…${' '.repeat(Math.max(0, width - 1 - widthOf(kept)))}`;
}

function widthOf(text: string): number {
  return stringWidth(text);
}
