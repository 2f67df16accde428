import { resolve } from 'node:path';
import { type Client, createClient } from '@codepakt/api-client';
import { CodepaktError } from '@codepakt/contract/light';
import { findProject, type ProjectPlace } from './find-project.ts';
import type { Invocation } from './invocation.ts';
import type { Output } from './output.ts';
import { refuseCopy } from './refuse-copy.ts';
import { resolveAddress, type ServerAddress } from './server-address.ts';
import { createServerTransport } from './server-transport.ts';
import { dataDirOf, readUserSettings } from './settings.ts';
import { wrongUsage } from './wrong-usage.ts';

/** The options that every command takes. */
export interface CommonArguments {
  project?: string | undefined;
  agent?: string | undefined;
  url?: string | undefined;
}

/** A project's board as a command uses it. */
export interface Board {
  client: Client;
  /** Of every call: `client.tasks.read({ params: { ...params, id } })`. */
  params: { project: string };
}

/** What a command runs in. What costs something is worked out when it is first asked for. */
export interface Context {
  readonly invocation: Invocation;
  /** As they were given. */
  readonly common: CommonArguments;
  readonly output: Output;
  readonly data_dir: string;
  /** Who acts; undefined is a person. */
  readonly agent: string | undefined;
  /** The project where the command stands, if it stands in one. */
  readonly place: ProjectPlace | undefined;
  readonly address: ServerAddress;
  /** A client that belongs to no project. */
  readonly client: Client;
  /** Verify commands that whoever acts has seen; undefined where each is printed before it runs. */
  readonly shownCommands?: Set<string>;
  /** @throws CodepaktError `project_not_found` */
  board(): Board;
  /** Aborted by Ctrl-C or SIGTERM, which then don't end the process: for commands that have something to tidy up. */
  interruption(): AbortSignal;
}

/** Without blanks around it, as HTTP carries it. An empty one is one that a script forgot to set. */
function nameOfAgent(given: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const name = given?.trim();
  if (name === '')
    throw wrongUsage('--agent is empty', 'Give a name, or leave it out to act as a person.');
  return name ?? (env.CPK_AGENT?.trim() || undefined);
}

export function createContext(
  invocation: Invocation,
  output: Output,
  common: CommonArguments,
): Context {
  const { env, cwd, entry, version } = invocation;
  const data_dir = dataDirOf(env, cwd);
  const agent = nameOfAgent(common.agent, env);
  const place = lazy(() => findPlace(common.project || env.CPK_PROJECT, cwd, data_dir));
  const address = lazy(() =>
    resolveAddress({
      url: common.url,
      env,
      project_url: place()?.url,
      settings: readUserSettings(data_dir),
    }),
  );
  const client = lazy(() =>
    createClient(createServerTransport({ address: address(), data_dir, env, entry, version }), {
      agent,
    }),
  );
  return {
    invocation,
    common,
    output,
    data_dir,
    agent,
    get place() {
      return place();
    },
    get address() {
      return address();
    },
    get client() {
      return client();
    },
    board: () => ({ client: client(), params: { project: requireId(place(), data_dir) } }),
    interruption: lazy(listenForInterruption),
  };
}

/** A project is named by a folder in it, or by its id. */
function findPlace(
  named: string | undefined,
  cwd: string,
  data_dir: string,
): ProjectPlace | undefined {
  if (named === undefined) return findProject(cwd, data_dir);
  if (!/^[\w-]+$/.test(named)) {
    const found = findProject(resolve(cwd, named), data_dir);
    if (found !== undefined) return found;
    throw new CodepaktError('project_not_found', `there is no board in ${named} or above it`, {
      hint: 'Make one: cpk init',
    });
  }
  return { id: named, root: undefined, files: undefined, url: undefined };
}

function requireId(place: ProjectPlace | undefined, data_dir: string): string {
  if (place?.id !== undefined) {
    refuseCopy(place, data_dir);
    return place.id;
  }
  throw new CodepaktError('project_not_found', 'there is no board here or in a folder above', {
    hint: 'Make one: cpk init',
  });
}

function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort(interrupted()));
  }
  return controller.signal;
}

/** The error for a command that Ctrl-C ended. */
export function interrupted(): CodepaktError {
  return new CodepaktError('interrupted', 'interrupted');
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
