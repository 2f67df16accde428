import { readFileSync } from 'node:fs';

interface Counts {
  passed: number;
  failed: number;
  /** Why something failed that is not a test; said before the counts. */
  reason?: string;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/**
 * Counts what vitest's JSON report at `path` says, a test file that could not be loaded as one failure.
 * `status` is vitest's exit status: when it failed but no test did, that is a failure too.
 */
export function countTests(path: string, status: number | null): Counts {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { passed: 0, failed: 1, reason: `vitest left no report: ${(error as Error).message}` };
  }
  const passed = report.numPassedTests;
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + broken.length;
  if (failed === 0 && passed === 0) return { passed, failed: 1, reason: 'No test ran.' };
  if (failed === 0 && status !== 0) {
    return {
      passed,
      failed: 1,
      reason: `vitest ended with ${status}: an error outside of the tests, see above.`,
    };
  }
  return { passed, failed };
}
