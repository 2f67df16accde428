import { writeSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract/light';
import { isTerminal } from './is-terminal.ts';
import { terse } from './terse.ts';
import { wrongUsage } from './wrong-usage.ts';

/** Whoever read our output has closed it, as `head` does: no failure, just the end. */
export class ReaderGone extends Error {}

export type OutputMode = 'json' | 'human';

export interface Forms<T> {
  /** What is printed as JSON; when left out, all of it but null and empty fields. */
  json?: (value: T) => unknown;
  /** The text for a person. Gets a copy in which no control character is left. */
  human: (value: T) => string | Promise<string>;
}

/** Results go to stdout, all else to stderr; which form they have was decided once, at the start. */
export interface Output {
  readonly mode: OutputMode;
  /** Prints one result: a line of JSON, or text. */
  print<T>(value: T, forms: Forms<T>): Promise<void>;
  /** Prints text as it is. */
  write(text: string): void;
  /** Tells a person something on stderr; silent in JSON mode. */
  say(text: string): void;
  /** Says on stderr, in both modes, that a list goes on, and how to have the rest. */
  more(value: string | null, option?: 'cursor' | 'limit' | 'depth'): void;
  /** Prints an error on stderr. */
  fail(error: unknown): Promise<void>;
}

/**
 * Which form results have: the flags, then `CPK_OUTPUT`, then JSON for agents and pipes.
 * @throws CodepaktError `wrong_usage`
 */
export function chooseMode(
  flags: { json?: boolean | undefined; human?: boolean | undefined },
  env: NodeJS.ProcessEnv,
): OutputMode {
  if (flags.json === true && flags.human === true) {
    throw wrongUsage('--json and --human exclude each other');
  }
  if (flags.json === true) return 'json';
  if (flags.human === true) return 'human';
  const asked = env.CPK_OUTPUT;
  if (asked === 'json' || asked === 'human') return asked;
  if (asked !== undefined && asked !== '') {
    throw wrongUsage(`CPK_OUTPUT is ${JSON.stringify(asked)}, but must be json or human`);
  }
  return env.CPK_AGENT || !isTerminal(1) ? 'json' : 'human';
}

export function createOutput(mode: OutputMode): Output {
  return {
    mode,
    async print(value, { json, human }) {
      if (mode === 'json') return writeLine(1, toJson((json ?? terse)(value)));
      const { neutralize } = await import('./human/neutralize.ts');
      writeLine(1, await human(neutralize(value)));
    },
    write: (text) => writeLine(1, text),
    say(text) {
      if (mode === 'human') writeLine(2, text);
    },
    more(value, option = 'cursor') {
      if (value !== null) writeLine(2, `more: --${option} ${value}`);
    },
    async fail(error) {
      if (mode === 'json') return writeLine(2, toJson(terse(errorForm(error))));
      // Whoever pressed Ctrl-C knows it.
      if (error instanceof CodepaktError && error.code === 'interrupted') return;
      const { showError } = await import('./human/error.ts');
      writeLine(2, showError(error));
    },
  };
}

/** One line; the control characters that JSON allows as they are could still steer a terminal. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a program is told of an error. */
export function errorForm(error: unknown): Record<string, unknown> {
  if (!(error instanceof CodepaktError)) {
    return { error: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, hint, errors, details } = error;
  return { error: code, message, hint, errors, details };
}

/**
 * Writes at once, so that nothing is lost when the process ends. A full pipe that does not block is
 * waited for; a closed one means that nobody reads any more.
 */
function writeLine(descriptor: 1 | 2, text: string): void {
  let rest = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new ReaderGone('nobody reads the output', { cause: error });
      if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') throw diskFull(error);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function diskFull(cause: unknown): CodepaktError {
  return new CodepaktError('disk_full', 'the output could not be written: its disk is full', {
    hint: 'Free some space. A change that was asked for was made; only its answer is missing.',
    cause,
  });
}
