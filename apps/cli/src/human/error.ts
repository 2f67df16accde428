import { CodepaktError } from '@codepakt/contract/light';
import { coloursFor } from './colour.ts';
import { neutralize } from './neutralize.ts';

/** What went wrong, and the next step. */
export function showError(error: unknown): string {
  const { red, dim } = coloursFor(process.stderr.isTTY === true);
  if (!(error instanceof CodepaktError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${red('error')} ${neutralize(text)}`;
  }
  const { message, hint, errors = [] } = error;
  const others = errors.slice(1).map(({ path, message: what }) => `  ${path} ${what}`);
  return [
    `${red('error')} ${neutralize(message)}`,
    ...others.map(neutralize),
    ...(hint === undefined ? [] : [dim(neutralize(hint))]),
  ].join('\n');
}
