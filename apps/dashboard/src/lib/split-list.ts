/** The entries of a comma list, each once, without empty ones. */
export function splitCommas(text: string): string[] {
  return unique(text.split(','));
}

/** The lines of a text, each once, without empty ones. */
export function splitLines(text: string): string[] {
  return unique(text.split('\n'));
}

function unique(entries: string[]): string[] {
  return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}
