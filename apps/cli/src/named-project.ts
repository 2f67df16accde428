import { basename, resolve } from 'node:path';
import { CodepaktError, nearest } from '@codepakt/contract/light';

interface Registered {
  id: string;
  name: string;
  path: string;
}

/**
 * The project that is meant by an id, the beginning of one, a folder, or a name that only one has;
 * where none is called so, by the last part of its folder.
 * @throws CodepaktError `project_not_found`, `wrong_usage` when several are called so
 */
export function namedProject<P extends Registered>(
  given: string,
  projects: readonly P[],
  cwd: string,
): P {
  const path = resolve(cwd, given);
  const exact = projects.find((project) => project.id === given || project.path === path);
  if (exact !== undefined) return exact;
  const called = projects.filter(({ id, name }) => name === given || isBeginning(given, id));
  const named =
    called.length > 0 ? called : projects.filter((project) => basename(project.path) === given);
  const [only, other] = named;
  if (only !== undefined && other === undefined) return only;
  if (only !== undefined) {
    const ids = named.map((project) => `${project.id} (${project.path})`).join(', ');
    throw new CodepaktError('wrong_usage', `${given} may be any of ${ids}`, {
      hint: 'Say which by its id or its folder.',
    });
  }
  const near = nearest(
    given,
    projects.flatMap(({ name, path: folder }) => [name, basename(folder)]),
  );
  throw new CodepaktError('project_not_found', `there is no project ${JSON.stringify(given)}`, {
    hint: near === undefined ? '`cpk projects list` shows them.' : `Did you mean ${near}?`,
    details: { named: given },
  });
}

/** Eight signs of an id tell projects apart. */
function isBeginning(given: string, id: string): boolean {
  return given.length >= 8 && id.startsWith(given);
}
