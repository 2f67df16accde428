import type { AnyCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type Output, toJson } from '../output.ts';
import { parseDuration } from '../parse-duration.ts';
import { terse } from '../terse.ts';
import { wrongUsage } from '../wrong-usage.ts';
import { noteCommands } from './note-commands.ts';

type Given = Readonly<Record<string, unknown>>;

/**
 * Runs a command as the command line does, with arguments that have been read already.
 * @throws CodepaktError whatever the command throws; `wrong_usage` when something is missing
 */
export async function callCommand(
  command: AnyCommand,
  given: Given,
  context: Context,
): Promise<void> {
  await command.run(toArguments(command, given) as never, context);
}

/**
 * An output that keeps what programs would read, a text for each print, and drops what is said to
 * people; the verify commands in it have then been shown.
 */
export function collectOutput(printed: string[], shownCommands: Set<string>): Output {
  return {
    mode: 'json',
    print: async (value, { json }) => {
      const shown = (json ?? terse)(value);
      noteCommands(shown, shownCommands);
      printed.push(toJson(shown));
    },
    write: (text) => {
      printed.push(text);
    },
    say: () => undefined,
    more: (value, option = 'cursor') => {
      if (value !== null) printed.push(`more: ${option} ${value}`);
    },
    fail: () => Promise.reject(new Error('a command fails by throwing')),
  };
}

function toArguments(command: AnyCommand, given: Given): Given {
  const parsed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    // To a command line this is stdin, which belongs to the protocol here.
    if (value === '-') throw wrongUsage(`${name} is just a dash; give the text itself`);
    const isTime = command.options[name]?.type === 'duration';
    parsed[name] = isTime ? parseDuration(name, String(value)) : value;
  }
  for (const { name, optional, rest, empty } of command.positionals) {
    const value = parsed[name];
    const isMissing = value === undefined || (value === '' && empty !== true);
    if (isMissing && optional !== true) throw wrongUsage(`${command.name} needs ${name}`);
    if (rest === true) parsed[name] = value === undefined ? [] : [value];
  }
  for (const [name, { required }] of Object.entries(command.options)) {
    if (required === true && parsed[name] === undefined) {
      throw wrongUsage(`${command.name} needs ${name}`);
    }
  }
  return parsed;
}
