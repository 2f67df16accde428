import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  CodepaktError,
  check,
  DocInput,
  LIMITS,
  type ProjectEntry,
  ProjectPatch,
} from '@codepakt/contract';
import { adoptNewId, type BoardFile, createBoard, lookAt } from './board-file.ts';
import { type Clock, systemClock } from './clock.ts';
import { initMessages } from './init-messages.ts';
import { type CarriedOver, carryOver } from './legacy/carry-over.ts';
import { legacyName } from './legacy/legacy-registry.ts';
import {
  completeGitignore,
  configFileOf,
  createProjectConfig,
  isProjectFolder,
  mainCounterpartOf,
  type ProjectConfig,
  readProjectConfig,
  writeProjectConfig,
} from './project-folder.ts';
import { dataDirectory } from './registry/data-directory.ts';
import {
  databaseFileOf,
  findProject,
  folderOf,
  hostedDatabaseFile,
  makeFolderOf,
  registerProject,
} from './registry/projects.ts';
import { prdDoc, seedDocs, seedProject } from './seed-board.ts';
import { makeFolder } from './write-file.ts';

export interface InitOptions {
  /** Left out: the name of the folder. */
  name?: string | undefined;
  /** Keep the database in the data directory, for file systems on which SQLite is not safe. */
  hosted?: boolean | undefined;
  /** Left out: `CPK_DATA_DIR` or `~/.codepakt`. */
  data_dir?: string | undefined;
  prd?: { title: string; body: string } | undefined;
  clock?: Clock | undefined;
}

export interface InitResult {
  project: ProjectEntry;
  /** A board was made or carried over; false: there was one. */
  created: boolean;
  carried_over?: CarriedOver;
  /** What was done or found, one sentence each, for people. */
  messages: string[];
}

/**
 * Makes a folder a project: `.codepakt/` with config and database, and an entry in the registry.
 * Where a board is, only what is missing around it is mended; one of codepakt 0.1 or 0.2 is
 * carried over. Several processes at once make one project.
 * @throws CodepaktError `read_only`, `disk_full`, `busy`, `database_foreign`, `database_newer`,
 * `database_damaged`, `database_unsafe`, `invalid_input`, `wrong_usage`; nothing half-made stays.
 */
export function initProject(dir: string, options: InitOptions = {}): InitResult {
  checkOptions(options);
  const root = realFolder(dir);
  const data_dir = resolve(options.data_dir ?? dataDirectory());
  refuseUnfit(root, data_dir);
  const main = mainCounterpartOf(root);
  const isThere = main !== undefined && existsSync(main);
  if (isThere && (isProjectFolder(main, data_dir) || !isProjectFolder(root, data_dir))) {
    const { messages, ...result } = initProject(main, options);
    return {
      ...result,
      messages: [`${root} is a git worktree: its board is in ${main}.`, ...messages],
    };
  }
  return setUp(identify(root, data_dir, options), options);
}

/** What a folder is to be, as far as its files, the registry and the options say. */
interface Identity {
  root: string;
  data_dir: string;
  id: string;
  name: string;
  hosted: boolean;
  /** It has no config: of several processes the one that writes it decides the id. */
  is_new: boolean;
  /** The id of the project of which this folder, with its database, is a copy. */
  copy_of: string | undefined;
  messages: string[];
}

function identify(root: string, data_dir: string, options: InitOptions): Identity {
  // Before it is read: one that another process writes in between is not taken for one of before.
  const is_new = !existsSync(configFileOf(root));
  const config = readProjectConfig(root);
  const found = lookAt(join(root, '.codepakt', 'data.db'));
  const project = found.kind === 'ours' ? found.project : undefined;
  const known = project?.id ?? config?.project_id;
  const registered = known === undefined ? undefined : findProject(data_dir, known);
  const elsewhere = registered?.path === root ? undefined : registered;
  const isCopy = elsewhere !== undefined && readProjectConfig(elsewhere.path)?.project_id === known;
  const id = known === undefined || isCopy ? randomUUID() : known;
  return {
    root,
    data_dir,
    id,
    name: project?.name ?? options.name ?? config?.name ?? legacyName(data_dir, id) ?? nameOf(root),
    hosted: found.kind === 'absent' && (options.hosted === true || isHosted(config, data_dir)),
    is_new,
    copy_of: isCopy ? elsewhere.id : undefined,
    messages: findings(found, options, elsewhere?.path, isCopy),
  };
}

function findings(
  found: BoardFile,
  options: InitOptions,
  elsewhere: string | undefined,
  isCopy: boolean,
): string[] {
  const messages: string[] = [];
  if (isCopy) messages.push(`This is a copy of ${elsewhere}: it is a project of its own now.`);
  else if (elsewhere !== undefined)
    messages.push(`It was in ${elsewhere} before and has moved here.`);
  if (options.hosted === true && found.kind !== 'absent') {
    messages.push('Its database lies in the project already: --hosted changes nothing.');
  }
  return messages;
}

function isHosted(config: ProjectConfig | undefined, data_dir: string): boolean {
  if (config === undefined) return false;
  return config.hosted === true || existsSync(hostedDatabaseFile(data_dir, config.project_id));
}

function setUp(identity: Identity, options: InitOptions): InitResult {
  const { root, data_dir, id, hosted } = identity;
  const file = databaseFileOf({ id, path: root, hosted }, data_dir);
  const undo: (() => void)[] = [];
  const undoAll = () => {
    for (const step of undo.reverse()) step();
  };
  let made: Made;
  try {
    if (!makePlace(identity, undo)) {
      // Another process was first: its config says which project this is.
      undoAll();
      return initProject(root, options);
    }
    made = makeBoard(file, identity, options);
  } catch (error) {
    undoAll();
    throw error;
  }
  const board = lookAt(file);
  if (board.kind !== 'ours') throw new Error(`${file} was made, but is not there`);
  const { project, isMended } = settle(identity, board.project);
  const { left_wal, ...result } = made;
  const outcome = { project, file, left_wal, is_mended: isMended, ...result };
  const messages = [...identity.messages, ...initMessages(outcome, options, data_dir)];
  return { project, ...result, messages };
}

/** Folders and config; `undo` gets what takes them away again. Answers whether the config is ours. */
function makePlace(identity: Identity, undo: (() => void)[]): boolean {
  const { root, data_dir, id, name, hosted, is_new } = identity;
  const own = join(root, '.codepakt');
  const note = (folder: string, isMade: boolean) => {
    if (isMade) undo.push(() => removeIfEmpty(folder));
    else closeFolder(folder);
  };
  note(folderOf(data_dir, id), makeFolderOf(data_dir, id));
  note(own, makeFolder(own));
  if (!is_new) return true;
  if (!createProjectConfig(root, configOf({ id, name, hosted }))) return false;
  undo.push(() => rmSync(configFileOf(root), { force: true }));
  return true;
}

/** Git lets everybody into a folder that comes with a clone, as this one may with its AGENTS.md. */
function closeFolder(folder: string): void {
  const { mode, uid } = statSync(folder);
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(folder, 0o700);
}

type Made = Pick<InitResult, 'created' | 'carried_over'> & { left_wal?: string | undefined };

function makeBoard(file: string, identity: Identity, options: InitOptions): Made {
  const clock = options.clock ?? systemClock;
  const { id, name, copy_of } = identity;
  const seed = { id, name, prd: options.prd };
  const found = lookAt(file);
  if (found.kind === 'older') {
    const carried_over = carryOver(file, clock, seed);
    return carried_over === undefined ? { created: false } : { created: true, carried_over };
  }
  if (found.kind === 'ours') {
    if (copy_of !== undefined) adoptNewId(file, clock, copy_of, id);
    return { created: false };
  }
  return createBoard(file, clock, (ctx) => {
    seedProject(ctx, seed);
    seedDocs(ctx, seed);
  });
}

/** Brings config, .gitignore and registry in line with the board, writing only what differs. */
function settle(
  { root, data_dir, hosted }: Identity,
  { id, name, created_at }: { id: string; name: string; created_at: string },
): { project: ProjectEntry; isMended: boolean } {
  const config = readProjectConfig(root);
  const isConfigRight = config?.project_id === id && (config.hosted === true) === hosted;
  if (!isConfigRight) writeProjectConfig(root, configOf({ id, name, hosted }));
  const isIgnoreMended = completeGitignore(root);
  const known = findProject(data_dir, id);
  const entry = { id, name, path: root, hosted, created_at };
  const isKnown = known?.path === root && known.hosted === hosted && known.name === name;
  return {
    project: isKnown ? known : registerProject(data_dir, entry),
    isMended: !isConfigRight || isIgnoreMended || !isKnown,
  };
}

function configOf({ id, name, hosted }: Pick<Identity, 'id' | 'name' | 'hosted'>): ProjectConfig {
  return { project_id: id, name, ...(hosted ? { hosted } : {}) };
}

function checkOptions({ name, prd }: InitOptions): void {
  if (name !== undefined) check(ProjectPatch, { name }, 'project');
  if (prd !== undefined) check(DocInput, prdDoc(prd), 'prd');
}

function realFolder(dir: string): string {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new CodepaktError('file_not_found', `there is no folder ${resolve(dir)}`);
  }
  return realpathSync(dir);
}

/** A cloned repository is not trusted: no link in it may lead what is written here elsewhere. */
function refuseUnfit(root: string, data_dir: string): void {
  const own = join(root, '.codepakt');
  const isDataDirectory =
    own === data_dir || (existsSync(data_dir) && own === realpathSync(data_dir));
  if (isDataDirectory) {
    throw new CodepaktError('wrong_usage', `${own} is codepakt's data directory`, {
      hint: 'Run `cpk init` in the folder of a project, or set CPK_DATA_DIR.',
    });
  }
  refuseUnless(root, 'isDirectory', 'is not a folder');
  refuseUnless(own, 'isDirectory', 'is not a folder (a link is not followed)');
  for (const name of ['data.db', 'data.db.lock', 'config.json', '.gitignore']) {
    refuseUnless(join(own, name), 'isFile', 'is not a plain file (a link is not followed)');
  }
}

function refuseUnless(path: string, kind: 'isFile' | 'isDirectory', message: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat[kind]()) return;
  throw new CodepaktError('wrong_usage', `${path} ${message}`, {
    hint: 'Move it away, then run `cpk init` again.',
  });
}

function nameOf(root: string): string {
  const name = basename(root) || basename(dirname(root)) || 'project';
  return [...name].slice(0, LIMITS.project_name).join('').toWellFormed();
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // somebody has put something in: then it is theirs
  }
}
