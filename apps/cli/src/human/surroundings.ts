import { STATUSES } from '@codepakt/contract/light';
import type { Surroundings } from '../look-around.ts';
import { colourOfStatus, colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';

export function showSurroundings(seen: Surroundings): string {
  const { bold, dim, red } = colours;
  const { about, version, agent, project, server, board, holding, problem, next } = seen;
  const state: string[] = [];
  if (project === undefined) state.push('There is no board here or in a folder above.');
  if (board !== undefined) {
    const counts = STATUSES.filter((status) => board.counts[status] > 0);
    const numbers = counts.map((status) => `${board.counts[status]} ${colourOfStatus(status)}`);
    state.push(`${bold(toOneLine(board.project.name))}: ${numbers.join(', ') || 'no tasks yet'}`);
  }
  if (project !== undefined && board === undefined) state.push(`The board of ${project}.`);
  if (agent !== undefined) {
    state.push(
      `You are ${agent}${holding.length > 0 ? ` and work on ${holding.join(', ')}` : ''}.`,
    );
  }
  if (server === 'not running')
    state.push('The server is not running; it starts when it is needed.');
  if (problem !== undefined) state.push(`${red('problem:')} ${problem}`);
  return [
    `${bold('codepakt')} ${version}  ${dim(about)}`,
    '',
    ...state,
    '',
    `${dim('next:')} ${bold(next)}`,
  ].join('\n');
}
