/** The longest signature that is kept; what is longer ends in an ellipsis. */
const SIGNATURE_LENGTH = 240;
const DOC_LENGTH = 200;

/** Text on one line: every run of white space is one space, and too much of it is cut off. */
export function oneLine(text: string, limit: number = SIGNATURE_LENGTH): string {
  const flat = /[^ -\u{10ffff}]| {2}/u.test(text) ? text.replace(/\s+/g, ' ') : text;
  const line = flat.trim();
  return line.length <= limit ? line : `${line.slice(0, cutAt(line, limit - 1)).trimEnd()}…`;
}

/** The first sentence of a doc comment whose marks were taken off; null when it says nothing. */
export function firstSentence(doc: string): string | null {
  const paragraph = /^\s*([\s\S]*?)(?:\n\s*\n|$)/.exec(doc)?.[1] ?? '';
  const flat = paragraph.replace(/\s+/g, ' ').trim();
  // A full stop ends the sentence when a new one begins after it; "e.g. this" goes on.
  const end = /[.!?。](?= ["'`(]?[\p{Lu}\p{Lo}\p{N}[{<])/u.exec(flat);
  const sentence =
    end && !/\b(?:e\.g|i\.e|etc|vs|cf)$/i.test(flat.slice(0, end.index))
      ? flat.slice(0, end.index + 1)
      : flat;
  return sentence === '' ? null : oneLine(sentence, DOC_LENGTH);
}

/** Half a surrogate pair is no character: the cut goes before it. */
function cutAt(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? index - 1 : index;
}
