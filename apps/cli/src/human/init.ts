import type { ProjectEntry } from '@codepakt/contract';
import { colours } from './colour.ts';

/** What was done, and the next step. */
export function showInit(
  { created, messages }: { project: ProjectEntry; created: boolean; messages: string[] },
  hasPrd: boolean,
): string {
  const { bold, dim } = colours;
  const next = hasPrd
    ? 'Let an agent read the PRD (cpk docs list) and make tasks of it: cpk task add --batch tasks.json'
    : 'cpk task add "The first thing to do"';
  return [...messages, ...(created ? ['', `${dim('next:')} ${bold(next)}`] : [])].join('\n');
}
