import { COMMON_OPTIONS } from './common-options.ts';
import { type CommonArguments, createContext } from './context.ts';
import { exitCodeOf } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import { loadCommand, splitCommandLine } from './find-command.ts';
import type { Invocation } from './invocation.ts';
import { chooseMode, createOutput, type OutputMode, ReaderGone } from './output.ts';
import { parseArguments } from './parse-arguments.ts';

export interface CliOptions extends Pick<Invocation, 'argv' | 'entry' | 'version'> {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  dashboardDir?: string;
  grammarsDir?: string;
  scannerWorker?: URL;
  boardExaminer?: URL;
}

/** Runs one command line. Resolves with the exit code; never rejects. */
export async function runCli(options: CliOptions): Promise<number> {
  const invocation: Invocation = {
    env: process.env,
    cwd: process.cwd(),
    dashboardDir: undefined,
    grammarsDir: undefined,
    scannerWorker: undefined,
    boardExaminer: undefined,
    ...options,
  };
  let output = createOutput(guessMode(invocation));
  try {
    const { name, words, asks } = splitCommandLine(invocation.argv);
    if (asks === 'version') {
      output.write(invocation.version);
      return 0;
    }
    if (asks === 'help') {
      const { showHelp } = await import('./help.ts');
      output.write(await showHelp(name));
      return 0;
    }
    const command = await loadCommand(name);
    const { own, common } = parseArguments(command, COMMON_OPTIONS, words);
    output = createOutput(chooseMode(common, invocation.env));
    const context = createContext(invocation, output, common as CommonArguments);
    try {
      return (await command.run(own as never, context)) ?? 0;
    } catch (error) {
      throw await explainError(error, () => context.place?.root);
    }
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    // Where stderr cannot be written to, the exit code is all that is left.
    await output.fail(error).catch(() => undefined);
    return exitCodeOf(error);
  }
}

/** For errors of the command line itself, before it is known what it says. */
function guessMode({ argv, env }: Invocation): OutputMode {
  const flags = { json: argv.includes('--json'), human: argv.includes('--human') };
  try {
    return chooseMode(flags, env);
  } catch {
    // It is said when the command line is read.
    return 'json';
  }
}
