import type { Point, Range } from 'web-tree-sitter';
import type { Span } from './extract/extractor.ts';

/** The parser looks its parts through from the first one on, again and again. */
const MAX_PARTS = 300;

/** What of a text lies outside of all spans; of very many spans the longest count. */
export function partsAround(text: string, spans: readonly Span[]): Range[] {
  const points = new Points(text);
  const parts: Range[] = [];
  let startIndex = 0;
  let startPosition: Point = { row: 0, column: 0 };
  for (const { start, end } of longest(spans)) {
    parts.push({ startIndex, endIndex: start, startPosition, endPosition: points.at(start) });
    startIndex = end;
    startPosition = points.at(end);
  }
  const endPosition = points.at(text.length);
  parts.push({ startIndex, endIndex: text.length, startPosition, endPosition });
  return parts;
}

function longest(spans: readonly Span[]): readonly Span[] {
  if (spans.length < MAX_PARTS) return spans;
  const lengths = spans.map(({ start, end }) => end - start).sort((a, b) => b - a);
  const enough = lengths[MAX_PARTS - 1] ?? 0;
  return spans.filter(({ start, end }) => end - start > enough);
}

/** Lines and columns of places that come in their order. */
class Points {
  readonly #text: string;
  #row = 0;
  #line = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(index: number): Point {
    for (;;) {
      const end = this.#text.indexOf('\n', this.#line);
      if (end < 0 || end >= index) return { row: this.#row, column: index - this.#line };
      this.#row++;
      this.#line = end + 1;
    }
  }
}
