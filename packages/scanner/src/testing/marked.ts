import type { Span } from '../extract/extractor.ts';

/** The text with all that was found in it between « and ». */
export function marked(text: string, found: readonly Span[] | undefined): string | undefined {
  return found?.reduceRight(
    (rest, { start, end }) =>
      `${rest.slice(0, start)}«${rest.slice(start, end)}»${rest.slice(end)}`,
    text,
  );
}
