/** What the process was started with. */
export interface Invocation {
  /** The words behind `cpk`. */
  argv: readonly string[];
  /** The script that was started as `cpk`: the daemon is started by it too. */
  entry: string;
  version: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Where the built dashboard and the grammars lie in the package. */
  dashboardDir: string | undefined;
  grammarsDir: string | undefined;
  /** The entry of the scanner's threads, where it was bundled. */
  scannerWorker: URL | undefined;
  /** The script that reads a board through beside the daemon, where it was bundled. */
  boardExaminer: URL | undefined;
}
