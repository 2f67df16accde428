/**
 * Method and path of every endpoint, apart from the schemas: the command line calls endpoints
 * without paying for the schemas (a tenth of a short command's time).
 */
export const routes = {
  health: {
    read: { method: 'GET', path: '/health' },
  },
  projects: {
    list: { method: 'GET', path: '/api/projects' },
    read: { method: 'GET', path: '/api/projects/{project}' },
    update: { method: 'PATCH', path: '/api/projects/{project}' },
  },
  tasks: {
    list: { method: 'GET', path: '/api/projects/{project}/tasks' },
    create: { method: 'POST', path: '/api/projects/{project}/tasks' },
    createBatch: { method: 'POST', path: '/api/projects/{project}/tasks/batch' },
    pickUp: { method: 'POST', path: '/api/projects/{project}/tasks/pickup' },
    read: { method: 'GET', path: '/api/projects/{project}/tasks/{id}' },
    update: { method: 'PATCH', path: '/api/projects/{project}/tasks/{id}' },
    done: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/done' },
    approve: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/approve' },
    reject: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/reject' },
    block: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/block' },
    unblock: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/unblock' },
    release: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/release' },
    cancel: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/cancel' },
    note: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/notes' },
    heartbeat: { method: 'POST', path: '/api/projects/{project}/tasks/{id}/heartbeat' },
    recordVerification: {
      method: 'POST',
      path: '/api/projects/{project}/tasks/{id}/verifications',
    },
  },
  agents: {
    list: { method: 'GET', path: '/api/projects/{project}/agents' },
  },
  events: {
    list: { method: 'GET', path: '/api/projects/{project}/events' },
    stream: { method: 'GET', path: '/api/projects/{project}/events/stream' },
    undo: { method: 'POST', path: '/api/projects/{project}/events/{id}/undo' },
  },
  docs: {
    list: { method: 'GET', path: '/api/projects/{project}/docs' },
    create: { method: 'POST', path: '/api/projects/{project}/docs' },
    search: { method: 'GET', path: '/api/projects/{project}/docs/search' },
    read: { method: 'GET', path: '/api/projects/{project}/docs/{id}' },
    update: { method: 'PATCH', path: '/api/projects/{project}/docs/{id}' },
    delete: { method: 'DELETE', path: '/api/projects/{project}/docs/{id}' },
  },
  code: {
    summary: { method: 'GET', path: '/api/projects/{project}/code/summary' },
    search: { method: 'GET', path: '/api/projects/{project}/code/search' },
    symbols: { method: 'GET', path: '/api/projects/{project}/code/symbols' },
    folder: { method: 'GET', path: '/api/projects/{project}/code/folder' },
    outline: { method: 'GET', path: '/api/projects/{project}/code/outline' },
    source: { method: 'GET', path: '/api/projects/{project}/code/source' },
    imports: { method: 'GET', path: '/api/projects/{project}/code/imports' },
    dependents: { method: 'GET', path: '/api/projects/{project}/code/dependents' },
    cycles: { method: 'GET', path: '/api/projects/{project}/code/cycles' },
    orphans: { method: 'GET', path: '/api/projects/{project}/code/orphans' },
    path: { method: 'GET', path: '/api/projects/{project}/code/path' },
    modules: { method: 'GET', path: '/api/projects/{project}/code/modules' },
  },
  board: {
    status: { method: 'GET', path: '/api/projects/{project}/board' },
    labels: { method: 'GET', path: '/api/projects/{project}/labels' },
    graph: { method: 'GET', path: '/api/projects/{project}/graph' },
    metrics: { method: 'GET', path: '/api/projects/{project}/metrics' },
    export: { method: 'GET', path: '/api/projects/{project}/export' },
    import: { method: 'POST', path: '/api/projects/{project}/import' },
  },
} as const satisfies Record<string, Record<string, Route>>;

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
}

type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** The parameters that stand in a path, each a string. */
export type PathParams<Path extends string> = { [Name in ParamNames<Path>]: string };

/** Fills a path's parameters in, percent-encoded. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${path} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
}
