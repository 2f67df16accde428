// Part of `pnpm pictures`: what two agents and a person see in their terminals, from a real run of
// the built cpk, as docs/pictures/terminal.svg.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Consumer } from './consumer.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Who types, and what; nobody's name is a person's prompt. */
const SESSION: readonly (readonly [agent: string, command: string])[] = [
  ['', 'cpk init'],
  ['', 'cpk task add "Tables for books and orders" --priority P0'],
  ['', 'cpk task add "The basket" --depends-on T-001'],
  ['', 'cpk task add "A page about the book"'],
  ['ada', 'cpk task pickup'],
  ['codex', 'cpk task pickup'],
  ['ada', 'cpk task done T-001 --note "prices are integers"'],
  ['', 'cpk board status'],
];

const COLUMNS = 100;
const [LEFT, TOP, WIDTH, HEIGHT] = [18, 34, 8.43, 20];
/** The classes of the escape sequences that cpk writes; the rest end one. */
const CLASS_OF: Record<string, string> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  35: 'magenta',
  36: 'cyan',
};
const ENDS: Record<string, readonly string[]> = {
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'magenta', 'cyan'],
};

interface Piece {
  text: string;
  classes: readonly string[];
}

await using consumer = await Consumer.arrive();
const commands = join(consumer.project, 'node_modules/.bin');
mkdirSync(commands, { recursive: true });
symlinkSync(join(root, 'packages/codepakt/dist/cpk.js'), join(commands, 'cpk'));

const lines: Piece[][] = [];
for (const [agent, command] of SESSION) {
  const env = agent === '' ? { CPK_OUTPUT: 'human', FORCE_COLOR: '1' } : { CPK_AGENT: agent };
  const output = await consumer.must(command, env);
  lines.push([
    { text: `${agent}$ `, classes: [agent === '' ? 'green' : 'prompt'] },
    { text: command, classes: ['typed'] },
  ]);
  const shown = output.replaceAll(consumer.project, '~/shop').trimEnd();
  for (const line of shown.split('\n')) lines.push(...wrap(pieces(line)));
  lines.push([]);
}
writeFileSync(join(root, 'docs/pictures/terminal.svg'), picture(lines.slice(0, -1)));

/** A line without its escape sequences, cut where the style changes. */
function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let classes: readonly string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal's colours begin with
  for (const [at, part] of line.split(/\x1b\[(\d+)m/).entries()) {
    if (at % 2 === 0) {
      if (part !== '') found.push({ text: part, classes });
    } else {
      const begun = CLASS_OF[part];
      const ended = ENDS[part] ?? [];
      classes =
        begun === undefined ? classes.filter((name) => !ended.includes(name)) : [...classes, begun];
    }
  }
  return found;
}

/** Lines that fit into the window, as a terminal would break them. */
function wrap(line: readonly Piece[]): Piece[][] {
  const rows: Piece[][] = [[]];
  let column = 0;
  for (const { text, classes } of line) {
    for (let rest = text; rest !== ''; ) {
      if (column === COLUMNS) {
        rows.push([]);
        column = 0;
      }
      const part = rest.slice(0, COLUMNS - column);
      rows.at(-1)?.push({ text: part, classes });
      column += part.length;
      rest = rest.slice(part.length);
    }
  }
  return rows;
}

function picture(rows: readonly Piece[][]): string {
  const width = Math.ceil(COLUMNS * WIDTH + 2 * LEFT);
  const height = TOP + rows.length * HEIGHT + 8;
  const texts = rows.map((row, at) => {
    const spans = row.map(({ text, classes }) =>
      classes.length === 0
        ? toXml(text)
        : `<tspan class="${classes.join(' ')}">${toXml(text)}</tspan>`,
    );
    return `<text x="${LEFT}" y="${TOP + at * HEIGHT}">${spans.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>A person and two agents in their terminals: each agent gets another task, and finishing one opens the next</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #c9d1d9; white-space: pre; }
.bold, .typed { font-weight: 600; fill: #f0f6fc; } .dim { fill: #8b949e; }
.red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #e3b341; }
.magenta { fill: #d2a8ff; } .cyan { fill: #79c0ff; } .prompt { fill: #ffa657; }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${texts.join('\n')}
</svg>
`;
}

function toXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
