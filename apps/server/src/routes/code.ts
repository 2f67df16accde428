import { CodepaktError, endpoints, type ParamsOf } from '@codepakt/contract';
import { type CodeIndex, findProject, type Project } from '@codepakt/core';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../options.ts';
import { registerRead } from '../route.ts';

/** The code index, to read only: `cpk scan` writes it, and the board's own connection reads it. */
export function codeRoutes(app: FastifyInstance, { options }: ServerContext): void {
  const { code } = endpoints;
  const indexOf = (call: {
    project: Project;
    params: ParamsOf<typeof code.summary>;
  }): CodeIndex => {
    const entry = findProject(options.data_dir, call.params.project);
    if (entry !== undefined) return call.project.code(entry.path);
    throw new CodepaktError('project_not_found', `there is no project ${call.params.project}`);
  };
  registerRead(app, code.summary, (call) => indexOf(call).summary());
  registerRead(app, code.search, (call) => indexOf(call).search(call.query));
  registerRead(app, code.symbols, (call) => indexOf(call).symbols(call.query));
  registerRead(app, code.folder, (call) => indexOf(call).folder(call.query.folder));
  registerRead(app, code.outline, (call) => indexOf(call).outline(call.query.file));
  registerRead(app, code.source, (call) => indexOf(call).source(call.query.of));
  registerRead(app, code.imports, (call) => indexOf(call).imports(call.query.file));
  registerRead(app, code.dependents, (call) => indexOf(call).dependents(call.query));
  registerRead(app, code.cycles, (call) => indexOf(call).cycles(call.query));
  registerRead(app, code.orphans, (call) => indexOf(call).orphans(call.query));
  registerRead(app, code.path, (call) => indexOf(call).path(call.query.from, call.query.to));
  registerRead(app, code.modules, (call) => indexOf(call).modules());
}
