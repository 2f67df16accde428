/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(
    Math.ceil(middle) - 1,
    Math.floor(middle) + 1,
  );
  return (low + high) / 2;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A table for the terminal that Markdown understands too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => ''), ...rows];
  const widths = head.map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line, index) => {
      const cells = widths.map((width, column) => {
        const text = line[column] ?? '';
        if (index === 1) return column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
        return column === 0 ? text.padEnd(width) : text.padStart(width);
      });
      return `| ${cells.join(' | ')} |`;
    })
    .join('\n');
}

/** A figure beside what was promised. */
export function against(figure: number, bar: number, direction: 'at most' | 'at least'): string {
  const isMet = direction === 'at most' ? figure <= bar : figure >= bar;
  return `${direction} ${bar}: ${isMet ? 'met' : 'MISSED'}`;
}
