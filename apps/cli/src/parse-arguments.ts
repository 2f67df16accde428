import { nearest } from '@codepakt/contract/light';
import type { AnyCommand, Option, Options } from './command.ts';
import { parseDuration } from './parse-duration.ts';
import { didYouMean, guess, wrongUsage } from './wrong-usage.ts';

type Value = string | string[] | number | boolean;

type Values = Record<string, Value | undefined>;

/** Arguments by name: the command's own, and those of every command (`--json`, `--agent` …). */
export interface Parsed {
  own: Values;
  common: Values;
}

interface Found {
  name: string;
  option: Option;
  /** `--no-hold` of `--hold`. */
  isNegated?: true;
}

/**
 * Reads the words behind a command's name by what the command says of itself. Strict: what is not
 * understood is refused before anything is done.
 * @throws CodepaktError `wrong_usage` naming the word, and the nearest right one.
 */
export function parseArguments(
  command: AnyCommand,
  common: Options,
  words: readonly string[],
): Parsed {
  const options: Options = { ...common, ...command.options };
  const parsed: Values = {};
  const plain: string[] = [];
  let greedy: Found | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      plain.push(...words.slice(index + 1));
      break;
    }
    if (!isOption(word)) {
      if (greedy === undefined) plain.push(word);
      else addTo(parsed, greedy, word);
      continue;
    }
    const [spelling, inline] = split(word);
    const found = find(options, spelling, command.name);
    greedy = found.option.greedy === true ? found : undefined;
    if (found.option.type === 'flag') {
      setFlag(parsed, found, spelling, inline);
      continue;
    }
    const next = words[index + 1];
    const isThere = next !== undefined && !isLikelyOption(next, options);
    const { implied } = found.option;
    if (inline !== undefined) addTo(parsed, found, inline);
    else if (implied !== undefined && !(isThere && /^\d/.test(next))) addTo(parsed, found, implied);
    else if (!isThere) throw wrongUsage(`${spelling} needs a value`, helpOf(command.name));
    else {
      addTo(parsed, found, next);
      index++;
    }
  }
  placePositionals(command, plain, parsed);
  for (const [name, option] of Object.entries(options)) {
    if (option.required === true && parsed[name] === undefined) {
      throw wrongUsage(`cpk ${command.name} needs ${spell(name)}`, helpOf(command.name));
    }
  }
  const isCommon = ([name]: [string, unknown]) =>
    Object.hasOwn(common, name) && !Object.hasOwn(command.options, name);
  const entries = Object.entries(parsed);
  return {
    own: Object.fromEntries(entries.filter((entry) => !isCommon(entry))),
    common: Object.fromEntries(entries.filter(isCommon)),
  };
}

/** As it is typed: `--depends-on` of `depends_on`. */
function spell(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

export function helpOf(name: string): string {
  return `\`cpk ${name === '' ? '' : `${name} `}--help\` lists what there is.`;
}

function isOption(word: string): boolean {
  return /^-[^\s]/.test(word) && !/^-\d/.test(word) && !/\s/.test(word.split('=', 1)[0] ?? '');
}

/** A value may begin with a dash, but `--title --priority P0` has one missing. */
function isLikelyOption(word: string, options: Options): boolean {
  if (!isOption(word)) return false;
  const [spelling] = split(word);
  return word.startsWith('--') || lookUp(options, spelling) !== undefined;
}

/** `--name=value`, `-n`, or `-nvalue`. */
function split(word: string): [spelling: string, inline: string | undefined] {
  if (!word.startsWith('--')) {
    const rest = word.slice(2);
    return [word.slice(0, 2), rest === '' ? undefined : rest.replace(/^=/, '')];
  }
  const equals = word.indexOf('=');
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function find(options: Options, spelling: string, command: string): Found {
  const found = lookUp(options, spelling);
  if (found !== undefined) return found;
  const listed = Object.entries(options).filter(([, option]) => option.hidden !== true);
  // The dashes, which all of them have, would make every two of them alike.
  const near = spelling.startsWith('--')
    ? nearest(
        spelling.slice(2).replaceAll('-', '_'),
        listed.map(([name]) => name),
      )
    : undefined;
  const hint = near === undefined ? '' : didYouMean(spell(near));
  throw wrongUsage(`${`cpk ${command}`.trim()} does not know ${spelling}${hint}`, helpOf(command));
}

function lookUp(options: Options, spelling: string): Found | undefined {
  const isLong = spelling.startsWith('--');
  const name = spelling.replace(/^--?/, '').replaceAll('-', '_');
  const exact = isLong && Object.hasOwn(options, name) ? options[name] : undefined;
  if (exact !== undefined) return { name, option: exact };
  const negated =
    isLong && name.startsWith('no_') ? lookUp(options, `--${name.slice(3)}`) : undefined;
  if (negated?.option.type === 'flag') return { ...negated, isNegated: true };
  for (const [key, option] of Object.entries(options).reverse()) {
    const short = !isLong && option.short === name;
    if (short || (option.old?.includes(name) && isLong === name.length > 1)) {
      return { name: key, option };
    }
  }
  return undefined;
}

function setFlag(
  parsed: Values,
  { name, isNegated }: Found,
  spelling: string,
  inline: string | undefined,
): void {
  if (inline !== undefined && inline !== 'true' && inline !== 'false') {
    throw wrongUsage(`${spelling} takes no value, but got ${JSON.stringify(inline)}`);
  }
  parsed[name] = (inline !== 'false') !== (isNegated === true);
}

function addTo(parsed: Values, { name, option }: Found, value: string): void {
  const before = parsed[name];
  if (option.type === 'list') {
    const words = splitList(value, option.sentences === true);
    for (const word of words) checkChoice(spell(name), option.choices, word);
    parsed[name] = [...(Array.isArray(before) ? before : []), ...words];
    return;
  }
  if (before !== undefined) throw wrongUsage(`${spell(name)} is given twice`);
  checkChoice(spell(name), option.choices, value);
  parsed[name] = convert(name, option, value);
}

function convert(name: string, { type, least = 0 }: Option, value: string): Value {
  if (type === 'duration') return parseDuration(spell(name), value);
  if (type !== 'integer') return value;
  if (!/^\d{1,15}$/.test(value)) {
    throw wrongUsage(`${spell(name)} is ${JSON.stringify(value)}, but must be a whole number`);
  }
  if (Number(value) < least) throw wrongUsage(`${spell(name)} is ${value}; the least is ${least}`);
  return Number(value);
}

function checkChoice(what: string, choices: Option['choices'], word: string): void {
  if (choices === undefined || choices.includes(word)) return;
  const allowed = choices.join(', ');
  throw wrongUsage(
    `${what} is ${JSON.stringify(word)}, but must be one of ${allowed}${guess(word, choices)}`,
  );
}

/** At commas, but not within braces (globs have them), and in sentences only where no blank follows. */
function splitList(value: string, sentences: boolean): string[] {
  const parts: string[] = [''];
  let depth = 0;
  const signs = [...value];
  for (const [index, sign] of signs.entries()) {
    if (sign === '{') depth++;
    if (sign === '}') depth--;
    const next = signs[index + 1] ?? '';
    if (sign === ',' && depth <= 0 && !(sentences && /\s/.test(next))) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function placePositionals(command: AnyCommand, plain: string[], parsed: Values): void {
  const left = [...plain];
  for (const positional of command.positionals) {
    const { name, label = name.toUpperCase(), optional, rest, empty, choices } = positional;
    if (rest === true) parsed[name] = left.splice(0);
    else parsed[name] = left.shift();
    const value = parsed[name];
    if (typeof value === 'string') checkChoice(label, choices, value);
    if (optional !== true && isMissing(value, empty === true)) {
      throw wrongUsage(`cpk ${command.name} needs ${label}`, helpOf(command.name));
    }
  }
  const [extra] = left;
  if (extra !== undefined) {
    throw wrongUsage(
      `cpk ${command.name} does not know what to do with ${JSON.stringify(extra)}`,
      helpOf(command.name),
    );
  }
}

/** An empty id is one that a script forgot to set. */
function isMissing(value: Value | undefined, mayBeEmpty: boolean): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (value === '' && !mayBeEmpty);
}
