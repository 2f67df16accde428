import { colours } from './colour.ts';
import { showTable } from './table.ts';

interface Listed {
  id: string;
  name: string;
  path: string;
  hosted: boolean;
  available?: boolean;
}

/** The projects of this machine, or those in the trash. */
export function showProjects(projects: readonly Listed[]): string {
  const { dim, red } = colours;
  if (projects.length === 0) return dim('none');
  return showTable(projects, [
    { head: 'name', cell: ({ name }) => name },
    { head: 'id', cell: ({ id }) => dim(id) },
    { head: 'folder', cell: ({ path }) => path },
    {
      head: '',
      cell: ({ hosted, available }) =>
        [
          ...(hosted ? ['hosted'] : []),
          ...(available === false ? [red('no database there')] : []),
        ].join(', '),
    },
  ]);
}
