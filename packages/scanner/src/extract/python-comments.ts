/** The grammar looks through all the comments ahead at each of them, which takes minutes for a few pages. */
const LONG = 200;
const longRun = new RegExp(`(?:\\n[ \\t]*#[^\\n]*){${LONG},}`, 'g');

/** Blanks comments that go on for hundreds of lines. A line with quotes may end a string, and stays. */
export function withoutLongComments(text: string): string {
  let marks = 0;
  for (let at = text.indexOf('#'); at >= 0 && marks < LONG; at = text.indexOf('#', at + 1)) marks++;
  if (marks < LONG) return text;
  return text.replace(longRun, (run) => run.replace(/#(?![^\n]*(?:"""|'''))[^\n]*/g, blank));
}

function blank(comment: string): string {
  return ' '.repeat(comment.length - 1) + (comment.endsWith('\r') ? '\r' : ' ');
}
