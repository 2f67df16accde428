import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { dataDirectory } from './registry/data-directory.ts';
import { hostedDatabaseFile, isProjectId } from './registry/projects.ts';
import { createFile, replaceFile } from './write-file.ts';

/** `.codepakt/config.json`: which project this folder is. What else stands in it is kept. */
export interface ProjectConfig {
  project_id: string;
  name?: string;
  /** The database lies in the data directory. */
  hosted?: boolean;
  [other: string]: unknown;
}

/**
 * The nearest folder from `dir` upwards that is a project. In a linked git worktree the main
 * checkout goes first: that is where the board is, whatever is checked out here.
 */
export function findProjectFolder(dir: string, data_dir = dataDirectory()): string | undefined {
  const start = resolve(dir);
  return [...inMainCheckout(start), ...withAncestors(start)].find((folder) =>
    isProjectFolder(folder, data_dir),
  );
}

/**
 * As `findProjectFolder`.
 * @throws CodepaktError `project_not_found`
 */
export function requireProjectFolder(dir: string, data_dir = dataDirectory()): string {
  const folder = findProjectFolder(dir, data_dir);
  if (folder !== undefined) return folder;
  throw new CodepaktError('project_not_found', `${resolve(dir)} is not in a project of codepakt`, {
    hint: 'Run `cpk init` in the folder of your project.',
  });
}

/** The data directory is a `.codepakt/` too, by default that of the home folder: no project's. */
export function isProjectFolder(folder: string, data_dir: string): boolean {
  const own = join(folder, '.codepakt');
  if (own === data_dir) return false;
  return existsSync(join(own, 'config.json')) || existsSync(join(own, 'data.db'));
}

/** Where the database of the project in a folder lies. */
export function databaseFileIn(folder: string, data_dir = dataDirectory()): string {
  const config = readProjectConfig(folder);
  return config?.hosted === true
    ? hostedDatabaseFile(data_dir, config.project_id)
    : join(folder, '.codepakt', 'data.db');
}

/**
 * What `.codepakt/config.json` says; undefined when it is not there or names no project.
 * @throws CodepaktError `invalid_input` when it is no JSON object
 */
export function readProjectConfig(folder: string): ProjectConfig | undefined {
  const file = configFileOf(folder);
  if (!existsSync(file)) return undefined;
  const config = parseConfig(file);
  return isProjectId(config.project_id) ? (config as ProjectConfig) : undefined;
}

/** Replaces the config; other keys that stood in it are kept. */
export function writeProjectConfig(folder: string, config: ProjectConfig): void {
  const file = configFileOf(folder);
  const kept = existsSync(file) ? parseConfig(file) : {};
  replaceFile(file, toText({ ...kept, ...config }));
}

/** Writes the config where there is none; answers false when another process was first. */
export function createProjectConfig(folder: string, config: ProjectConfig): boolean {
  return createFile(configFileOf(folder), toText(config));
}

/** The main checkout when a folder is the root of a linked git worktree (gitrepository-layout(5)). */
function mainCheckoutOf(folder: string): string | undefined {
  const dotGit = join(folder, '.git');
  if (statSync(dotGit, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const gitDir = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1];
  if (gitDir === undefined) return undefined;
  // A submodule has such a file too, but no `commondir`.
  const pointer = join(resolve(folder, gitDir), 'commondir');
  if (!existsSync(pointer)) return undefined;
  const common = resolve(dirname(pointer), readFileSync(pointer, 'utf8').trim());
  return basename(common) === '.git' ? dirname(common) : undefined;
}

/** The folder of the main checkout that a folder in a linked git worktree stands for. */
export function mainCounterpartOf(dir: string): string | undefined {
  return inMainCheckout(resolve(dir))[0];
}

/** What the folders from `start` up to the root of a linked worktree are in the main checkout. */
function inMainCheckout(start: string): string[] {
  const folders = [...withAncestors(start)];
  const root = folders.findIndex((folder) => existsSync(join(folder, '.git')));
  const main = mainCheckoutOf(folders[root] ?? start);
  if (main === undefined) return [];
  return folders
    .slice(0, root + 1)
    .map((folder) => join(main, relative(folders[root] ?? start, folder)));
}

/** AGENTS.md and CLAUDE.md beside them are for everybody; these are this machine's own. */
const IGNORED = ['config.json*', '*.db', '*.db-*', '*.db.*'];
/** Where a single star ignores all, as version 0.1 wrote it. */
const NOT_IGNORED = ['!AGENTS.md', '!CLAUDE.md'];

/** Adds to `.codepakt/.gitignore` what it lacks; answers whether that was anything. */
export function completeGitignore(folder: string): boolean {
  const file = join(folder, '.codepakt', '.gitignore');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lines = text.split(/\r?\n/);
  const wanted = lines.includes('*') ? NOT_IGNORED : IGNORED;
  const missing = wanted.filter((line) => !lines.includes(line));
  if (missing.length === 0) return false;
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  replaceFile(file, `${start}${missing.join('\n')}\n`);
  return true;
}

function* withAncestors(folder: string): Generator<string> {
  for (let here = folder; ; here = dirname(here)) {
    yield here;
    if (dirname(here) === here) return;
  }
}

export function configFileOf(folder: string): string {
  return join(folder, '.codepakt', 'config.json');
}

/** Far above any config. */
const MOST_BYTES = 1024 * 1024;

function parseConfig(file: string): Record<string, unknown> {
  // A cloned repository may hold a pipe here, or a link to a device: to read it would never end.
  const stat = statSync(file);
  if (!stat.isFile() || stat.size > MOST_BYTES) throw malformed(file);
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw malformed(file, cause);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) throw malformed(file);
  return config as Record<string, unknown>;
}

function malformed(file: string, cause?: unknown): CodepaktError {
  return new CodepaktError('invalid_input', `${file} is not a JSON object in a plain file`, {
    hint: 'Mend it, or delete it and run `cpk init`: the board itself is not in it.',
    cause,
  });
}

function toText(config: Record<string, unknown>): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
