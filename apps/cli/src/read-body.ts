import { LIMITS } from '@codepakt/contract/light';
import { readInput } from './read-input.ts';
import { wrongUsage } from './wrong-usage.ts';

interface BodySources {
  /** `-`, standing alone. */
  stdin: string | undefined;
  body: string | undefined;
  file: string | undefined;
}

/**
 * The text of a doc: as it is, from a file, or from stdin; undefined when none is given.
 * @throws CodepaktError `wrong_usage` when more than one is, or when stdin is empty
 */
export async function readBody(
  { stdin, body, file }: BodySources,
  cwd: string,
): Promise<string | undefined> {
  if (stdin !== undefined && stdin !== '-') {
    throw wrongUsage(`unexpected ${JSON.stringify(stdin)}; only - may stand there, for stdin`);
  }
  const given = [stdin, body, file].filter((source) => source !== undefined);
  if (given.length > 1)
    throw wrongUsage('the text is given twice: --body, --file and - exclude each other');
  if (body !== undefined && body !== '-') return body;
  const source = file ?? stdin ?? body;
  // A character has up to four bytes; the server counts characters.
  if (source === undefined) return undefined;
  const text = await readInput(source, cwd, 4 * LIMITS.doc_body);
  // A command before the pipe that failed would leave a doc without its text.
  if (source === '-' && text === '') {
    throw wrongUsage('stdin is empty', 'A doc without a text is made with --body "".');
  }
  return text;
}

/** @throws CodepaktError `wrong_usage` when none is given */
export async function requireBody(sources: BodySources, cwd: string): Promise<string> {
  const text = await readBody(sources, cwd);
  if (text !== undefined) return text;
  throw wrongUsage('a text is needed', 'Give it with --body TEXT or --file FILE; - is stdin.');
}
