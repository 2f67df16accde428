import yargs, { type Options as YargsOptions } from 'yargs';
import type { AnyCommand, Option, Options } from './command.ts';
import { commands } from './commands/index.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { loadCommand } from './find-command.ts';

/** The help of a command, of a group of commands, or of all. */
export async function showHelp(name: string): Promise<string> {
  if (name !== '' && Object.hasOwn(commands, name)) return helpOfCommand(await loadCommand(name));
  const names = Object.keys(commands).filter((known) => known !== '' && isWithin(known, name));
  // A name that leads nowhere is told apart there, with the nearest right one.
  if (names.length === 0) await loadCommand(name);
  return helpOfGroup(name, await Promise.all(names.map(loadCommand)));
}

function isWithin(known: string, group: string): boolean {
  return group === '' || known.startsWith(`${group} `);
}

function helpOfGroup(name: string, members: readonly AnyCommand[]): Promise<string> {
  const parser = start(`${['cpk', name].filter((word) => word !== '').join(' ')} COMMAND`);
  for (const member of members)
    parser.command(`${member.name} ${positionalsOf(member)}`.trim(), member.summary);
  return finish(
    parser.epilogue(
      'cpk COMMAND --help tells more of one. Results are JSON when nobody reads along at a terminal, or CPK_AGENT is set.',
    ),
  );
}

function helpOfCommand(command: AnyCommand): Promise<string> {
  const { name, summary, details, examples = [], options } = command;
  const parser = start(
    `cpk ${name} ${positionalsOf(command)}`.trim(),
    details === undefined ? `${summary}.` : `${summary}.\n${details}`,
  );
  parser
    .options(toYargs(options, 'Options:'))
    .options(toYargs(COMMON_OPTIONS, 'Of every command:'));
  for (const example of examples) parser.example(example, '');
  return finish(parser);
}

function start(usage: string, text = '') {
  const parser = yargs([]).scriptName('cpk').help(false).version(false);
  return parser.usage(text === '' ? `Usage: ${usage}` : `Usage: ${usage}\n\n${text}`);
}

function finish(parser: ReturnType<typeof start>): Promise<string> {
  return parser.wrap(Math.min(100, process.stdout.columns || 100)).getHelp();
}

function positionalsOf({ positionals }: AnyCommand): string {
  return positionals
    .map(({ name, label = name.toUpperCase(), optional, rest }) => {
      const word = `${label}${rest === true ? '…' : ''}`;
      return optional === true ? `[${word}]` : word;
    })
    .join(' ');
}

function toYargs(options: Options, group: string): Record<string, YargsOptions> {
  const listed = Object.entries(options).filter(([, option]) => option.hidden !== true);
  return Object.fromEntries(
    listed.map(([name, option]) => [
      name.replaceAll('_', '-'),
      { ...toYargsOption(option), group },
    ]),
  );
}

function toYargsOption({ type, describe, choices, short, required }: Option): YargsOptions {
  const note = type === 'duration' ? `${describe} (90s, 30m, 2h)` : describe;
  return {
    describe: note,
    type:
      type === 'flag'
        ? 'boolean'
        : type === 'list'
          ? 'array'
          : type === 'integer'
            ? 'number'
            : 'string',
    ...(choices === undefined ? {} : { choices }),
    ...(short === undefined ? {} : { alias: short }),
    ...(required === true ? { demandOption: true } : {}),
  };
}
