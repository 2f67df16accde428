import type { AnyCommand, Option } from '../command.ts';
import { commands } from '../commands/index.ts';
import { COMMON_OPTIONS } from '../common-options.ts';

/** A word that may follow, and what it is. */
export interface Word {
  word: string;
  describe: string;
}

export interface OptionWord extends Word {
  /** Its value is the next word. */
  takesValue: boolean;
  /** It takes several, divided by commas. */
  isList: boolean;
  /** The only values; empty when it takes any. */
  values: readonly string[];
}

/** What may be typed after some words of a command line. */
export interface Place {
  /** The words before: nothing, `task`, `task list`. */
  command: string;
  /** Subcommands, or what the first argument may be. */
  words: Word[];
  options: OptionWord[];
}

/** Every place in a command line where the table of commands knows what may follow. */
export async function commandPlaces(): Promise<Place[]> {
  const loaded = await Promise.all(
    Object.entries(commands)
      .filter(([name]) => name !== '')
      .map(async ([name, load]) => ({ name, command: (await load()).command })),
  );
  const groups = new Map<string, Word[]>();
  const top: Word[] = [];
  for (const { name, command } of loaded) {
    const [noun = '', verb] = name.split(' ');
    if (verb === undefined) top.push({ word: noun, describe: command.summary });
    else groups.set(noun, [...(groups.get(noun) ?? []), { word: verb, describe: command.summary }]);
  }
  for (const [noun, verbs] of groups) {
    top.push({ word: noun, describe: verbs.map(({ word }) => word).join(', ') });
  }
  const common = optionWords(COMMON_OPTIONS);
  return [
    { command: '', words: top, options: [...common, version] },
    ...[...groups].map(([command, words]) => ({ command, words, options: common })),
    ...loaded.map(({ name, command }) => placeOf(name, command, common)),
  ];
}

const version: OptionWord = {
  word: '--version',
  describe: 'the version of cpk',
  takesValue: false,
  isList: false,
  values: [],
};

function placeOf(name: string, command: AnyCommand, common: OptionWord[]): Place {
  const own = optionWords(command.options);
  const isOverridden = ({ word }: OptionWord) => own.some((option) => option.word === word);
  const values = command.positionals[0]?.choices ?? [];
  return {
    command: name,
    words: values.map((word) => ({ word, describe: '' })),
    options: [...own, ...common.filter((option) => !isOverridden(option))],
  };
}

function optionWords(options: Readonly<Record<string, Option>>): OptionWord[] {
  return Object.entries(options)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, { type, describe, choices = [] }]) => ({
      word: `--${name.replaceAll('_', '-')}`,
      describe,
      takesValue: type !== 'flag',
      isList: type === 'list',
      values: choices,
    }));
}
