import { readFileSync } from 'node:fs';

/** One command of the guide, and what it is said to print. */
export interface GuideStep {
  /** Whose prompt it is; none for a person. */
  agent: string | undefined;
  command: string;
  prints: string;
}

const text = readFileSync(new URL('../docs/guide.md', import.meta.url), 'utf8');

/** What was typed in the guide's terminals, in its order. */
export function guideSteps(): GuideStep[] {
  return blocksOf('').flatMap((block) => {
    const steps: GuideStep[] = [];
    for (const line of block.split('\n')) {
      // What cpk itself runs is echoed behind a `$` too, so a person's prompt is known by its command.
      const prompt = /^(?:(\w+)\$ (.*)|\$ ((?:cpk|kill) .*))$/.exec(line);
      const last = steps.at(-1);
      if (prompt !== null) {
        steps.push({ agent: prompt[1], command: prompt[2] ?? prompt[3] ?? '', prints: '' });
      } else if (last !== undefined) last.prints += `${line}\n`;
    }
    return steps;
  });
}

/** The file that an agent writes there. */
export function guideTasks(): string {
  return blocksOf('json')[0] ?? '';
}

/** The fenced blocks of a language. */
function blocksOf(language: string): string[] {
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.filter(([, of]) => of === language).map(([, , block = '']) => block);
}

/** Without what differs at each run: times, ages, widths of columns, folders. */
export function steady(output: string, folder: string): string {
  return output
    .replaceAll(folder, '/home/you/shop')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:]{8}(\.\d+Z)?/g, 'TIME')
    .replace(/\b(?:now|\d+(?:ms|s|m|h) ago)\b/g, 'AGO')
    .replace(/after \d+s/g, 'AFTER')
    .replace(/"duration_ms":\d+/g, 'DURATION')
    .replace(/ {2,}/g, '  ')
    .replace(/ +$/gm, '')
    .trim();
}

/** Whether what was printed is what the guide shows; a line that it cuts short ends with `…`. */
export function fits(printed: string, shown: string): boolean {
  const lines = printed.split('\n');
  const wanted = shown.split('\n');
  return (
    lines.length === wanted.length &&
    wanted.every((line, at) =>
      line.endsWith('…') ? lines[at]?.startsWith(line.slice(0, -1)) : line === lines[at],
    )
  );
}
