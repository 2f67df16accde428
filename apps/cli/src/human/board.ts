import type { BoardStatus } from '@codepakt/contract';
import { STATUSES } from '@codepakt/contract/light';
import { showAgents } from './agent.ts';
import { colourOfStatus, colours } from './colour.ts';
import { count } from './count.ts';
import { toOneLine } from './neutralize.ts';
import { showTable } from './table.ts';

/** Counts, what is blocked, who works on what. */
export function showBoard({
  project,
  total,
  counts,
  held,
  blocked,
  agents,
  stale_files = [],
}: BoardStatus & { stale_files?: string[] }): string {
  const { bold, dim, red } = colours;
  const numbers = STATUSES.filter((status) => counts[status] > 0).map((status) => {
    const suffix = status === 'backlog' && held > 0 ? dim(` (${held} held)`) : '';
    return `${colourOfStatus(status)} ${counts[status]}${suffix}`;
  });
  const tasks = count(total, 'task');
  const stale = `Agents read what an older codepakt wrote in ${stale_files.join(', ')}: cpk generate`;
  return [
    `${bold(toOneLine(project.name))}  ${dim(tasks)}`,
    numbers.length === 0 ? dim('the board is empty: cpk task add "…"') : numbers.join('  '),
    ...(blocked.length === 0 ? [] : ['', red('blocked'), showBlocked(blocked)]),
    ...(agents.length === 0 ? [] : ['', showAgents(agents)]),
    ...(stale_files.length === 0 ? [] : ['', dim(stale)]),
  ].join('\n');
}

function showBlocked(blocked: BoardStatus['blocked']): string {
  return showTable(blocked, [
    { head: 'id', cell: ({ id }) => id },
    { head: 'title', cell: ({ title }) => title, cuttable: true },
    { head: 'assignee', cell: ({ assignee }) => assignee ?? '', cuttable: true },
    { head: 'reason', cell: ({ blocker_reason }) => blocker_reason ?? '', flexible: true },
  ]);
}

type Counts = { tasks: number; docs: number; events: number };

export function showExported({ file, ...counts }: Counts & { file: string }): string {
  return `${file}  ${countsOf(counts)}`;
}

export function showImported(counts: Counts): string {
  return `The board is as it was exported: ${countsOf(counts)}.`;
}

function countsOf({ tasks, docs, events }: Counts): string {
  return [count(tasks, 'task'), count(docs, 'doc'), count(events, 'event')].join(', ');
}
