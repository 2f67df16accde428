import type { ProjectEntry } from '@codepakt/contract';
import { colours } from './colour.ts';

/** What was done, and the next step. */
export function showInit(
  { created, messages }: { project: ProjectEntry; created: boolean; messages: string[] },
  hasPrd: boolean,
): string {
  const { bold, dim } = colours;
  const next = hasPrd
    ? 'tell an agent to read the docs (cpk docs list) and to add tasks (cpk task add --batch FILE)'
    : 'cpk task add "The first thing to do"';
  return [...messages, ...(created ? ['', `${dim('next:')} ${bold(next)}`] : [])].join('\n');
}
