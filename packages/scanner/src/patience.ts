/**
 * Milliseconds that the parser may think about one file: some at first, and more with each report of
 * its progress. Ordinary code is never near it, however busy the machine; where a grammar needs
 * ever longer for each step, the reports stay away.
 */
const MIN_PARSE_TIME = 3_000;
const TIME_A_REPORT = 1;
/** However often it reports: text made to be read in many ways at once could go on for minutes. */
const MOST_PARSE_TIME = 30_000;
/** A process that was stopped for an hour has not parsed for an hour. */
const LONGEST_STEP = 250;

/** Answers at each report of the parser whether it has had its time; that begins now. */
export function createPatience(now = () => performance.now()): () => boolean {
  let last = now();
  let left = MIN_PARSE_TIME;
  let spent = 0;
  return () => {
    const time = now();
    const step = Math.min(time - last, LONGEST_STEP);
    last = time;
    spent += step;
    left += TIME_A_REPORT - step;
    return left < 0 || spent > MOST_PARSE_TIME;
  };
}
