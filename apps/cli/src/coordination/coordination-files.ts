import { lstatSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { INSTRUCTIONS } from './instructions.ts';
import { linesInFences, linesOf } from './markdown-lines.ts';
import {
  type BlockState,
  bodyOfBlock,
  stateOfBlock,
  withBlock,
  withoutBlocks,
} from './marked-block.ts';

/** A file that tells agents of the board, and how it stands to what this version would write. */
export interface CoordinationFile {
  /** From the project's folder. */
  path: string;
  /** `unfit`: it cannot be written to, for the reason given. */
  state: BlockState | 'unfit';
  /** Why it is left alone. */
  why?: string;
  /** The file itself, where `path` is a link. */
  target: string;
  /** Its text as it is, and as it should be. */
  text: string;
  next: string;
}

/**
 * Looks at all of them; changes nothing. One that is the same file as another, or that reads
 * another by itself, is left out.
 * @param root the project's folder
 * @param version of this program
 */
export function lookAtCoordinationFiles(root: string, version: string): CoordinationFile[] {
  const look = (path: string, bodyFor: BodyFor) => lookAt(root, path, version, bodyFor);
  const agents = look('AGENTS.md', () => INSTRUCTIONS);
  const isUnfit = agents?.state === 'unfit';
  const oldFile = '.codepakt/CLAUDE.md';
  const files = [
    look('.codepakt/AGENTS.md', () => INSTRUCTIONS),
    // Not made any more; words of somebody's own may import it.
    textOf(root, oldFile) === '' ? undefined : look(oldFile, () => '@AGENTS.md'),
    agents,
    lookForOldLines(root, agents),
    // A file of its own: Copilot follows what a CLAUDE.md imports, and would read it all twice.
    look('.claude/rules/codepakt.md', (outside, before) => {
      const whole = '@../../AGENTS.md';
      const ours = '@../../.codepakt/AGENTS.md';
      const told = whatClaudeIsTold(root, agents);
      if (told === 'AGENTS.md') return undefined;
      return toImport({ outside, before, whole, ours, isOurs: isUnfit || told === 'other words' });
    }),
    look('GEMINI.md', (outside, before) => {
      const whole = '@./AGENTS.md';
      const ours = '@./.codepakt/AGENTS.md';
      if (readsAgentsFile(root)) return undefined;
      return toImport({ outside, before, whole, ours, isOurs: isUnfit || outside.trim() !== '' });
    }),
  ].filter((file) => file !== undefined);
  return files.filter(
    ({ target }, index) => files.findIndex((other) => isSame(other.target, target)) === index,
  );
}

/** Whether two paths without links are names of one file, be it there or yet to be made. */
function isSame(one: string, other: string | undefined): boolean {
  return other !== undefined && identityOf(one) === identityOf(other);
}

function identityOf(path: string): string {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat === undefined ? path : `${stat.dev}:${stat.ino}`;
  } catch {
    return path; // nor could it be written to
  }
}

/** What belongs into a file, by its text without our block and the block that is there; undefined: nothing. */
type BodyFor = (outside: string, before: string | undefined) => string | undefined;

function lookAt(
  root: string,
  path: string,
  version: string,
  bodyFor: BodyFor,
): CoordinationFile | undefined {
  const read = readText(root, path);
  const { target } = read;
  if ('why' in read) return { path, state: 'unfit', why: read.why, target, text: '', next: '' };
  const text = read.text;
  const kept = isOldFile(text) ? '' : text;
  const body = bodyFor(withoutBlocks(kept), bodyOfBlock(kept)?.trim());
  if (body === undefined) return undefined;
  const marked = { body, version };
  const state = stateOfBlock(kept, marked);
  const why =
    state === 'edited'
      ? 'its block was edited: move your words out of it and delete the rest of it'
      : state === 'newer'
        ? 'a later codepakt wrote it'
        : undefined;
  const file = { path, state, target, text, next: withBlock(kept, marked) };
  return why === undefined ? file : { ...file, why };
}

interface Imports {
  outside: string;
  before: string | undefined;
  /** The line that imports AGENTS.md, and the one that imports nothing but what is ours. */
  whole: string;
  ours: string;
  isOurs: boolean;
}

/**
 * Where a file is there for nothing else, its reader gets AGENTS.md, as it would without that file.
 * Somebody's own text goes without what AGENTS.md says besides. What was chosen once is kept.
 */
function toImport({ outside, before, whole, ours, isOurs }: Imports): string | undefined {
  if (importsUs(outside)) return undefined;
  if (before === whole || before === ours) return before;
  return isOurs || outside.trim() !== '' ? ours : whole;
}

/** Whether a text imports a file in which our instructions are. What stands in code is no import. */
function importsUs(text: string): boolean {
  const lines = linesOf(text);
  const examples = linesInFences(lines);
  const prose = lines.filter((_, index) => !examples.has(index)).join('');
  return /(?:^|\s)@(?:\.\.?\/)?(?:\.codepakt\/)?(?:AGENTS|CLAUDE)\.md(?=\s|$)/.test(prose);
}

/** Where instructions for Claude Code may be. It leaves out AGENTS.md where it finds one of these. */
const CLAUDE_FILES = ['CLAUDE.md', '.claude/CLAUDE.md', 'CLAUDE.local.md'];

function whatClaudeIsTold(
  root: string,
  agents: CoordinationFile | undefined,
): 'AGENTS.md' | 'other words' | 'nothing' {
  const files = CLAUDE_FILES.map((path) => readText(root, path));
  const texts = files.map((file) => ('text' in file ? withoutOldLines(file.text) : ''));
  const isAgentsFile = files.some((file) => isSame(file.target, agents?.target));
  if (isAgentsFile || texts.some(importsUs)) return 'AGENTS.md';
  return texts.some((text) => text.trim() !== '') ? 'other words' : 'nothing';
}

/** Gemini CLI reads what its settings, JSON with comments, name instead of GEMINI.md. */
function readsAgentsFile(root: string): boolean {
  const settings = textOf(root, '.gemini/settings.json');
  return /"(?:fileName|contextFileName)"\s*:\s*(?:\[[^[\]]*)?"AGENTS\.md"/.test(settings);
}

function textOf(root: string, path: string): string {
  const read = readText(root, path);
  return 'text' in read ? read.text : '';
}

/** A CLAUDE.md in which an older codepakt wrote, and what is left when that is taken out. */
function lookForOldLines(
  root: string,
  agents: CoordinationFile | undefined,
): CoordinationFile | undefined {
  const path = 'CLAUDE.md';
  const read = readText(root, path);
  if (!('text' in read) || isSame(read.target, agents?.target)) return undefined;
  const { target, text } = read;
  const next = withoutOldLines(text);
  return next === text ? undefined : { path, state: 'stale', target, text, next };
}

/** Without our block, and without a line of codepakt 0.2 that no agent understood. */
function withoutOldLines(text: string): string {
  const kept = withoutBlocks(text);
  return kept.replace(/^@import \.codepakt\/CLAUDE\.md[ \t]*\r?(?:\n|$)/gm, '');
}

/** Whether codepakt 0.1 or 0.2 wrote the whole of a file. */
function isOldFile(text: string): boolean {
  return /^\uFEFF?<!-- cpk_version: /.test(text);
}

/** No agent reads so much, and every look at the board would read it all. */
const MOST_BYTES = 1_000_000;

type TextFile = { target: string; text: string } | { target: string; why: string };

/** A cloned repository is not trusted: no link in it may lead what is written here elsewhere. */
function readText(root: string, path: string): TextFile {
  const file = join(root, path);
  try {
    const target = realPath(file);
    const fromRoot = relative(realpathSync(root), target);
    if (fromRoot.startsWith('..') || isAbsolute(fromRoot)) {
      return { target, why: `a link leads out of the project, to ${target}` };
    }
    const stat = statSync(target, { throwIfNoEntry: false });
    return stat === undefined ? { target, text: '' } : readPlainFile(target, stat);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') return { target: file, why: 'it is a link to itself' };
    return { target: file, why: `it can't be looked at (${code})` };
  }
}

/** Without links, also of a file that is not there yet. */
function realPath(file: string): string {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return realpathSync(file);
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink) return realPath(resolve(realPath(dirname(file)), readlinkSync(file)));
  return join(realPath(dirname(file)), basename(file));
}

function readPlainFile(target: string, stat: Stats): TextFile {
  if (!stat.isFile()) return { target, why: 'it is no file' };
  if (stat.size > MOST_BYTES) return { target, why: 'it is larger than 1 MB' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      readFileSync(target),
    );
    return text.includes('\0') ? { target, why: 'it is no text' } : { target, text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { target, why: code === 'EACCES' ? 'it may not be read' : 'it is no UTF-8 text' };
  }
}
