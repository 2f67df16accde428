/** How a part of the torture is called. */
export interface PartOptions {
  /** The bundled `cpk.js`. */
  entry: string;
  /** The whole figures instead of about a tenth of them. */
  full: boolean;
  /** The same seed tries the same again. */
  seed: number;
  /** Ends everything early. */
  signal: AbortSignal;
  /** The part's own flags, as given or by default. */
  flags: Readonly<Record<string, string>>;
}

export interface PartReport {
  /** What was tried and how often; a row each. */
  figures: Readonly<Record<string, string | number>>;
  /** What must not be, a sentence each; empty is what is wanted. */
  faults: readonly string[];
}

/** One kind of torture: `pnpm torture NAME`. */
export interface Part {
  /** For the usage. */
  summary: string;
  /** Its own flags, each with what holds when it is left out. */
  flags?: Readonly<Record<string, string>>;
  /** Whoever names it gets the whole figures, `--full` or not; they are a matter of minutes. */
  wholeWhenNamed?: boolean;
  run(options: PartOptions): Promise<PartReport>;
}
