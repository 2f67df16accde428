import { readFileSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract/light';
import { isNothingThere, whatLiesAt } from './what-lies-at.ts';

/** Far above any config or hook. */
const MOST_BYTES = 1024 * 1024;

/**
 * The text of a plain file of a sensible size; undefined when nothing lies there. A cloned repository
 * may hold a pipe, or a link to a device: to read it would never end.
 * @throws CodepaktError `invalid_input` when something else lies there
 */
export function readSmallFile(file: string): string | undefined {
  const stat = whatLiesAt(file);
  if (stat === undefined) return undefined;
  if (!stat.isFile() || stat.size > MOST_BYTES) {
    throw new CodepaktError('invalid_input', `${file} is no plain file of at most 1 MiB`, {
      hint: 'Move it away.',
    });
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}
