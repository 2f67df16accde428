import type { Agent } from '@codepakt/contract';
import { colours } from './colour.ts';
import { showTable } from './table.ts';
import { showTime } from './time.ts';

export function showAgents(agents: readonly Agent[]): string {
  const { dim, green } = colours;
  if (agents.length === 0) return dim('no agents yet');
  return showTable(agents, [
    { head: 'agent', cell: ({ name }) => name, cuttable: true },
    { head: 'status', cell: ({ status }) => (status === 'working' ? green(status) : dim(status)) },
    { head: 'last seen', cell: ({ last_seen }) => showTime(last_seen) },
    {
      head: 'works on',
      cell: ({ tasks }) => tasks.map(({ id, title }) => `${id} ${title}`).join(', '),
      flexible: true,
    },
  ]);
}
