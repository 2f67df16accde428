import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';

export interface Column<Row> {
  head: string;
  cell(row: Row): string;
  /** Gives way first when the terminal is too narrow. */
  flexible?: true;
  /** Gives way when that was not enough; left out, a part of it would mislead. */
  cuttable?: true;
}

const GAP = '  ';
/** In a narrow terminal columns give way in these steps, each down to a width that still tells something. */
const STEPS = [
  { gives: ['flexible'], least: 24 },
  { gives: ['cuttable'], least: 12 },
  { gives: ['flexible', 'cuttable'], least: 8 },
] as const;

/** Aligned columns; those that are empty in all rows are left out, and long ones are cut to fit the terminal. */
export function showTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => toOneLine(column.cell(row))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const widths = filled.map(({ head, cells }) => Math.max(...[head, ...cells].map(widthOf)));
  const room = process.stdout.columns || Number.POSITIVE_INFINITY;
  let over = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room;
  for (const { gives, least } of STEPS) {
    const mayGive = (index: number) => gives.some((name) => filled[index]?.[name] === true);
    over = narrow(widths, over, least, mayGive);
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

/** Takes from the widest of some columns until all fit; answers how much they are still too wide. */
function narrow(
  widths: number[],
  over: number,
  least: number,
  mayGive: (index: number) => boolean,
): number {
  for (let left = over; left > 0; left--) {
    const widest = Math.max(least, ...widths.filter((_, index) => mayGive(index)));
    if (widest === least) return left;
    widths[widths.findIndex((width, index) => width === widest && mayGive(index))] = widest - 1;
  }
  return 0;
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
