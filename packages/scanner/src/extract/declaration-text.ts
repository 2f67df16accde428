/** The longest signature that is kept; what is longer ends in an ellipsis. */
const SIGNATURE_LENGTH = 240;
const DOC_LENGTH = 200;

/** Text on one line: every run of white space is one space, and too much of it is cut off. */
export function oneLine(text: string, limit: number = SIGNATURE_LENGTH): string {
  const flat = /[\n\r\t\f\v\u00a0\u2028\u2029]| {2}/.test(text) ? text.replace(/\s+/g, ' ') : text;
  const line = flat.trim();
  return line.length <= limit ? line : `${line.slice(0, cutAt(line, limit - 1)).trimEnd()}…`;
}

/** Longer than anybody's names are one in another. */
const PATH_LENGTH = 500;

/**
 * What members have as parent. It is cut off, or in a text made to do harm the paths would grow with
 * the square of the text.
 */
export function memberPath(parent: string | null, name: string): string {
  const path = parent === null ? name : `${parent}.${name}`;
  return path.length <= PATH_LENGTH ? path : path.slice(0, cutAt(path, PATH_LENGTH));
}

/** The first sentence of a doc comment whose marks were taken off; null when it says nothing. */
export function firstSentence(doc: string): string | null {
  const flat = doc
    .trimStart()
    .replace(/\n\s*\n[\s\S]*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (flat === '') return null;
  // A full stop ends the sentence when a new one begins after it; "e.g. this" goes on.
  const end = SENTENCE_END.exec(flat);
  const isEnd = end !== null && !/\b(?:e\.g|i\.e|etc|vs|cf)$/i.test(flat.slice(0, end.index));
  return oneLine(isEnd ? flat.slice(0, end.index + 1) : flat, DOC_LENGTH);
}

const SENTENCE_END = /[.!?。](?= ["'`(]?[\p{Lu}\p{Lo}\p{N}[{<])/u;

/** Half a surrogate pair is no character: the cut goes before it. */
function cutAt(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? index - 1 : index;
}
