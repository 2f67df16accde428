import type { Finding } from '@codepakt/core';
import { colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';

/** A line each, with what mends it. */
export function showFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.map((finding) => showFinding(finding, width)).join('\n');
}

function showFinding({ check, level, message, mend }: Finding, width: number): string {
  const { bold, dim, green, red, yellow } = colours;
  const colour = { ok: green, warning: yellow, error: red }[level];
  const what = `${colour(level.padEnd(7))}  ${check.padEnd(width)}  ${toOneLine(message)}`;
  return mend === undefined ? what : `${what} ${dim('→')} ${bold(toOneLine(mend))}`;
}
