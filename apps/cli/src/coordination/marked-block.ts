import { createHash } from 'node:crypto';
import { compareVersions } from '../daemon/compare-versions.ts';
import { linesInFences, linesOf } from './markdown-lines.ts';

/**
 * `current`: it says what this version would write. `stale`: an older version wrote it. `newer`: a
 * later one did. `edited`: somebody changed what stands between its marks.
 */
export type BlockState = 'absent' | 'current' | 'stale' | 'newer' | 'edited';

/** What codepakt keeps in a file that is somebody else's. */
export interface MarkedText {
  body: string;
  /** Of the codepakt that writes it. */
  version: string;
}

const BEGIN = /^\uFEFF?<!-- codepakt (\S+) ([0-9a-f]{8}) begin\b.*-->\s*$/;
const END = /^<!-- codepakt end -->\s*$/;

/** How the block in a file's text stands to what this version would write. */
export function stateOfBlock(text: string, marked: MarkedText): BlockState {
  const [block] = blocksIn(linesOf(text));
  return block === undefined ? 'absent' : stateOf(block, marked);
}

/** What stands between the marks; undefined when there is no whole block. */
export function bodyOfBlock(text: string): string | undefined {
  return blocksIn(linesOf(text))[0]?.body;
}

/** The text with its blocks, and what is left of broken ones, taken out. */
export function withoutBlocks(text: string): string {
  const lines = linesOf(text);
  const gone = linesWithin(blocksIn(lines));
  return lines.filter((_, index) => !gone.has(index)).join('');
}

/**
 * The text with an up-to-date block: in its old place, else at the end. A second block goes, and so
 * do the remains of a half one, as far as they can be told from what is somebody's own. A block that
 * was edited, or that a later version wrote, stays as it is.
 */
export function withBlock(text: string, marked: MarkedText): string {
  const lines = withoutRemains(linesOf(text), marked.body);
  const [block, ...others] = blocksIn(lines);
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const written = render(marked).replaceAll('\n', ending);
  if (block === undefined) return append(lines.join(''), written, ending);
  const gone = linesWithin(others.filter((other) => other.isIntact));
  const renewed = linesWithin(stateOf(block, marked) === 'stale' ? [block] : []);
  return lines
    .map((line, index) => {
      if (gone.has(index)) return '';
      if (!renewed.has(index)) return line;
      return index === block.first ? written : '';
    })
    .join('');
}

interface Block {
  version: string;
  body: string;
  /** Nobody has changed it since it was written, but for white space. */
  isIntact: boolean;
  /** The lines of its marks. */
  first: number;
  last: number;
}

/** What stands in fenced code is an example, and nothing of ours. */
function blocksIn(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  const examples = linesInFences(lines);
  let begin: { index: number; version: string; hash: string } | undefined;
  for (const [index, line] of lines.entries()) {
    if (examples.has(index)) continue;
    const [, version, hash] = BEGIN.exec(line) ?? [];
    if (version !== undefined && hash !== undefined) begin = { index, version, hash };
    if (begin === undefined || !END.test(line)) continue;
    const body = lines.slice(begin.index + 1, index).join('');
    const isIntact = hashOf(body) === begin.hash;
    blocks.push({ version: begin.version, body, isIntact, first: begin.index, last: index });
    begin = undefined;
  }
  return blocks;
}

function stateOf(block: Block, { body, version }: MarkedText): Exclude<BlockState, 'absent'> {
  if (normalize(block.body) === normalize(body)) return 'current';
  if (!block.isIntact) return 'edited';
  return compareVersions(block.version, version) > 0 ? 'newer' : 'stale';
}

function render({ body, version }: MarkedText): string {
  const begin = `<!-- codepakt ${version} ${hashOf(body)} begin: cpk generate keeps this -->`;
  return `${begin}\n\n${body}\n\n<!-- codepakt end -->\n`;
}

function append(text: string, written: string, ending: string): string {
  if (text.replace(/^\uFEFF/, '').trim() === '') return `${text.trim()}${written}`;
  const gap = text.endsWith('\n') ? ending : `${ending}${ending}`;
  return `${text}${gap}${written}`;
}

/** Takes out marks that have lost their other half, with what follows or precedes and is surely ours. */
function withoutRemains(lines: readonly string[], body: string): string[] {
  const whole = linesWithin(blocksIn(lines));
  const examples = linesInFences(lines);
  const ours = new Set(body.split('\n').map((line) => line.trim()));
  const gone = new Set<number>();
  for (const [index, line] of lines.entries()) {
    const step = BEGIN.test(line) ? 1 : END.test(line) ? -1 : 0;
    if (step === 0 || whole.has(index) || examples.has(index)) continue;
    gone.add(index);
    for (let at = index + step; ours.has(lines[at]?.trim() ?? '\n'); at += step) gone.add(at);
  }
  return lines.filter((_, index) => !gone.has(index));
}

/** The numbers of all their lines. */
function linesWithin(blocks: readonly Block[]): Set<number> {
  const within = new Set<number>();
  for (const { first, last } of blocks) {
    for (let at = first; at <= last; at++) within.add(at);
  }
  return within;
}

/** Git and editors change the ends of lines, formatters wrap them: that is no edit. */
function normalize(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function hashOf(body: string): string {
  return createHash('sha256').update(normalize(body)).digest('hex').slice(0, 8);
}
