import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readProjectConfig } from '../project-folder.ts';
import {
  databaseFileOf,
  findProject,
  folderOf,
  foldersIn,
  listProjects,
} from '../registry/projects.ts';
import { type Finding, ok, warning } from './finding.ts';

const CHECK = 'registry';

/** Which projects of this machine are not where the registry says. */
export function examineRegistry(data_dir: string): Finding[] {
  const projects = listProjects(data_dir);
  const damaged = foldersIn(join(data_dir, 'projects'))
    .filter((id) => findProject(data_dir, id) === undefined)
    .map((id) => examineUnreadable(folderOf(data_dir, id)));
  const findings = [...damaged, ...projects.flatMap((project) => examineEntry(project, data_dir))];
  if (findings.length > 0) return findings;
  return [
    ok(
      CHECK,
      projects.length === 1
        ? '1 project, in its place'
        : `${projects.length} projects, in their places`,
    ),
  ];
}

function examineUnreadable(folder: string): Finding {
  const holds = existsSync(join(folder, 'data.db')) ? ', with a database in it' : '';
  const message = `${folder} says of no project what and where it is${holds}`;
  return warning(CHECK, message, "cpk init, in the project's folder");
}

function examineEntry(
  project: ReturnType<typeof listProjects>[number],
  data_dir: string,
): Finding[] {
  const { id, name, path } = project;
  const remove = `cpk projects remove ${id}`;
  if (!existsSync(path)) {
    const mend = `${remove}; if it has moved, run cpk init where it is now`;
    return [warning(CHECK, `${name}: its folder ${path} is gone`, mend)];
  }
  const file = databaseFileOf(project, data_dir);
  if (!existsSync(file)) return [warning(CHECK, `${name}: its database ${file} is gone`, remove)];
  const found = projectIdIn(path);
  if (found === undefined || found === id) return [];
  return [warning(CHECK, `${name}: in its folder ${path} is another project now`, remove)];
}

function projectIdIn(path: string): string | undefined {
  try {
    return readProjectConfig(path)?.project_id;
  } catch {
    return undefined; // no JSON: said of the project that one stands in
  }
}
