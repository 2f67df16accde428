const FENCE = /^\uFEFF?[ \t]*(`{3,}(?=[^`]*$)|~{3,})(.*)/;

/** Each line with what ends it, so that joined they are the text again. */
export function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/**
 * The numbers of the lines that stand in fenced code, fences included. A fence that nobody closed is
 * a slip, and hides nothing of what comes after it.
 */
export function linesInFences(lines: readonly string[]): Set<number> {
  const inFences = new Set<number>();
  let open: { index: number; fence: string } | undefined;
  for (const [index, line] of lines.entries()) {
    const [, fence = '', info = ''] = FENCE.exec(line.trimEnd()) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { index, fence };
    } else if (fence.startsWith(open.fence) && info === '') {
      for (let at = open.index; at <= index; at++) inFences.add(at);
      open = undefined;
    }
  }
  return inFences;
}
