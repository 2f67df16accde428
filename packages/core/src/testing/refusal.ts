import { CodepaktError } from '@codepakt/contract';

/** The error with which some work is refused; work that is not, or that ends otherwise, fails the test. */
export function refusal(work: () => unknown): CodepaktError {
  try {
    work();
  } catch (error) {
    if (error instanceof CodepaktError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
