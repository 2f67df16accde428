import { type Finding, failure, ok } from '@codepakt/core';
import { compareVersions } from '../daemon/compare-versions.ts';

/** The oldest that SQLite's driver runs on. */
const LEAST = '22.14.0';

export function examineNode(version: string): Finding[] {
  if (compareVersions(version, LEAST) >= 0) return [ok('node', `Node ${version}`)];
  const message = `Node ${version} is too old: cpk needs ${LEAST} or newer`;
  return [failure('node', message, 'npx -p node@24 -p codepakt cpk doctor')];
}
