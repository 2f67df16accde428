/** What the bundle tells the command line about the package that it lies in. */
export interface CliOptions {
  /** The words after `cpk`. */
  argv: string[];
  /** The path of `cpk.js`, to start the daemon with. */
  entry: string;
  version: string;
  /** Where `web-tree-sitter.wasm` and the grammars lie. */
  grammarsDir: string;
  /** Where the built dashboard lies. */
  dashboardDir: string;
}

/** Runs one command and sets the exit status of the process. */
export async function runCli({ argv, version }: CliOptions): Promise<void> {
  if (argv[0] === '--version') {
    process.stdout.write(`${version}\n`);
  } else {
    process.stderr.write(`cpk ${version} has no command \`${argv[0] ?? ''}\`.\n`);
    process.exitCode = 2;
  }
}
