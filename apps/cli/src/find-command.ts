import { ours } from '@codepakt/contract/light';
import type { AnyCommand } from './command.ts';
import { commands } from './commands/index.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { helpOf } from './parse-arguments.ts';
import { didYouMean, guess, wrongUsage } from './wrong-usage.ts';

export interface CommandLine {
  /** `task pickup`; of a group alone, `task`; empty when no command was named. */
  name: string;
  /** All words that are not the command's name. */
  words: string[];
  asks: 'help' | 'version' | 'to run';
}

/** What 0.2 called a command. */
const OLD_NAMES: Record<string, string> = { 'agents-md generate': 'generate' };

/** Tells a command line's command from its arguments; the options of all commands may stand before it. */
export function splitCommandLine(argv: readonly string[]): CommandLine {
  if (argv[0] === 'help') return { ...splitCommandLine(argv.slice(1)), asks: 'help' };
  const name: string[] = [];
  const words: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--' || isComplete(name)) {
      words.push(...argv.slice(index));
      break;
    }
    if (!word.startsWith('-')) {
      name.push(word);
      continue;
    }
    words.push(word);
    const next = argv[index + 1];
    if (takesValue(word) && next !== undefined) {
      words.push(next);
      index++;
    }
  }
  return { name: name.join(' '), words, asks: whatIsAsked(name, words) };
}

function isComplete(name: readonly string[]): boolean {
  return name.length === 2 || (name.length === 1 && Object.hasOwn(commands, name[0] ?? ''));
}

function whatIsAsked(name: readonly string[], words: readonly string[]): CommandLine['asks'] {
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return 'help';
  const isVersion = ['--version', '-V', '-v'].some((option) => options.includes(option));
  return isVersion && name.length === 0 ? 'version' : 'to run';
}

/**
 * Loads the command of this name.
 * @throws CodepaktError `wrong_usage` naming the nearest one.
 */
export async function loadCommand(spelled: string): Promise<AnyCommand> {
  const name = Object.hasOwn(OLD_NAMES, spelled) ? (OLD_NAMES[spelled] ?? '') : spelled;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return (await load()).command;
  const [noun = '', verb = ''] = name.split(' ');
  const verbs = verbsOf(noun);
  if (verbs.length === 0) {
    const full = withNoun(noun);
    const near = full === undefined ? guess(noun, nouns()) : didYouMean(full);
    throw wrongUsage(`cpk does not know ${JSON.stringify(noun)}${near}`, helpOf(''));
  }
  if (verb === '') throw wrongUsage(`cpk ${noun} needs one of: ${verbs.join(', ')}`, helpOf(noun));
  const near = guess(verb, verbs);
  throw wrongUsage(`cpk ${noun} does not know ${JSON.stringify(verb)}${near}`, helpOf(noun));
}

/** `task pickup` of `pickup`, whose noun was forgotten; where several have the verb, that of the first noun. */
function withNoun(verb: string): string | undefined {
  const names = Object.keys(commands);
  const synonym = ours(
    verb,
    names.map((name) => name.split(' ')[1] ?? ''),
  );
  return (
    names.find((name) => name.endsWith(` ${verb}`)) ??
    names.find((name) => synonym !== undefined && name.endsWith(` ${synonym}`))
  );
}

/** The second words of a group's commands. */
function verbsOf(noun: string): string[] {
  return Object.keys(commands).flatMap((name) => {
    const [first, second] = name.split(' ');
    return first === noun && second !== undefined ? [second] : [];
  });
}

function nouns(): string[] {
  const named = Object.keys(commands).filter((name) => name !== '');
  return [...new Set(named.flatMap((name) => name.split(' ', 1)))];
}

function takesValue(word: string): boolean {
  const name = word.slice(2).replaceAll('-', '_');
  const option = Object.entries(COMMON_OPTIONS).find(([key]) => key === name)?.[1];
  return word.startsWith('--') && option !== undefined && option.type !== 'flag';
}
