import type { Context } from './context.ts';

/** What an option takes. `list` takes commas or repeats; `duration` is `90s`, `30m` or `2h`, in seconds when read. */
export type OptionType = 'text' | 'flag' | 'integer' | 'list' | 'duration';

export interface Option {
  type: OptionType;
  describe: string;
  /** The only words allowed. */
  choices?: readonly string[];
  required?: true;
  /** The least that an integer may be. */
  least?: number;
  /** What it is when it is given without a value. */
  implied?: string;
  /** One letter, shown in the help. */
  short?: string;
  /** Other spellings that work, unlisted: long names or single letters. */
  old?: readonly string[];
  /** Not shown in the help. */
  hidden?: true;
  /** For a list of sentences: a comma divides only when no blank follows. */
  sentences?: true;
  /** For a list: words that follow without a flag of their own belong to it too. */
  greedy?: true;
}

export interface Positional {
  name: string;
  /** As the help shows it; the name in capitals when left out. */
  label?: string;
  describe: string;
  optional?: true;
  /** Takes all words that are left. */
  rest?: true;
  /** May be an empty text. */
  empty?: true;
  /** The only words allowed. */
  choices?: readonly string[];
}

export type Options = Readonly<Record<string, Option>>;
export type Positionals = readonly Positional[];

type ValueOf<O extends Option> = O extends { type: 'flag' }
  ? boolean
  : O extends { type: 'integer' | 'duration' }
    ? number
    : WordOf<O> extends infer W
      ? O extends { type: 'list' }
        ? W[]
        : W
      : never;

type WordOf<O extends Option | Positional> = O extends { choices: readonly (infer W)[] }
  ? W
  : string;

type OptionalArguments<O extends Options> = {
  [N in keyof O]: O[N] extends { required: true } ? ValueOf<O[N]> : ValueOf<O[N]> | undefined;
};

type PositionalArguments<P extends Positionals> = {
  [A in P[number] as A['name']]: A extends { rest: true }
    ? string[]
    : A extends { optional: true }
      ? WordOf<A> | undefined
      : WordOf<A>;
};

/** What a command's `run` gets: each option and positional by its name, absent ones undefined. */
export type Arguments<O extends Options, P extends Positionals> = OptionalArguments<O> &
  PositionalArguments<P>;

/** A command as a value: the parser, the help and the completion all read it. */
export interface Command<O extends Options = Options, P extends Positionals = Positionals> {
  /** As it is typed: `task pickup`. */
  name: string;
  summary: string;
  /** More than the summary, for its own help. */
  details?: string;
  examples?: readonly string[];
  positionals: P;
  options: O;
  /** Resolves with the exit code; nothing is 0. */
  run(args: Arguments<O, P>, context: Context): Promise<number | undefined>;
}

/** What the table of commands holds: any command, its arguments not told apart any more. */
export type AnyCommand = Omit<Command, 'run'> & {
  run(args: never, context: Context): Promise<number | undefined>;
};

/** States a command so that `run` knows the types of its arguments. */
export function defineCommand<const O extends Options, const P extends Positionals>(
  command: Command<O, P>,
): Command<O, P> {
  return command;
}
