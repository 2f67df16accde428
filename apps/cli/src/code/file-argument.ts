import type { Options, Positional } from '../command.ts';
import { helpOf } from '../parse-arguments.ts';
import { wrongUsage } from '../wrong-usage.ts';

export const FILE = {
  name: 'path',
  label: 'FILE',
  describe: 'the file',
  optional: true,
} as const satisfies Positional;

/** How the file was named in version 0.2. */
export const FILE_OPTION = {
  file: { type: 'text', describe: 'the file', hidden: true, old: ['f'] },
} as const satisfies Options;

/** @throws CodepaktError `wrong_usage` */
export function requireFile(
  command: string,
  { path, file }: { path: string | undefined; file: string | undefined },
): string {
  const given = path ?? file;
  if (given === undefined) throw wrongUsage(`cpk ${command} needs FILE`, helpOf(command));
  return given;
}
