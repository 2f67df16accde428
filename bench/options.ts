/** What every bench is called with. */
export interface BenchOptions {
  /** Fewer and shorter rounds, for a first look. */
  quick: boolean;
  /** The bundled `cpk.js`. */
  cpk: string;
}
