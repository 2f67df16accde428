import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { replaceText } from '../coordination/replace-text.ts';
import { readSmallFile } from '../read-small-file.ts';

export interface HookResult {
  /** The file, as one would open it from the project's root. */
  hook: string;
  changed: boolean;
  message: string;
}

/**
 * Puts a marked block into the pre-commit hook that brings the index to what is staged. A commit is
 * never blocked by it. Done twice it changes nothing.
 * @param root the project's folder
 * @throws CodepaktError `wrong_usage` outside of git, or when the hook is no shell script; `read_only`,
 * `disk_full`, and the hook is as it was
 */
export function installHook(root: string): HookResult {
  const { file, folder } = findHook(root);
  requireInside(root, file);
  const block = blockFor(folder);
  const before = readSmallFile(file);
  const hook = relative(root, file);
  if (before === undefined) {
    mkdirSync(dirname(file), { recursive: true });
    replaceText(realPlace(file), `#!/bin/sh\n${block.text}`);
    chmodSync(file, 0o755);
    return { hook, changed: true, message: 'installed' };
  }
  requireShell(file, before);
  const rest = without(before, block.pattern);
  const after = addTo(rest, block.text);
  if (after === before) return { hook, changed: false, message: 'was installed already' };
  replaceText(realPlace(file), after);
  const message = isRun(file)
    ? 'added to the hook'
    : 'added to the hook, but git will not run it: chmod +x';
  return { hook, changed: true, message };
}

export interface HookState {
  state: 'no repository' | 'absent' | 'outdated' | 'not executable' | 'installed';
  /** The file that git runs, or would run. */
  hook: string;
  /** Another, in which the block is, and that git does not run. */
  shadowed?: string;
}

/** How the hook is; changes nothing. */
export function inspectHook(root: string): HookState {
  let found: ReturnType<typeof findHook>;
  try {
    found = findHook(root);
  } catch (error) {
    if (error instanceof CodepaktError) return { state: 'no repository', hook: '' };
    throw error;
  }
  const { file, folder } = found;
  const hook = relative(root, file);
  const block = blockFor(folder);
  const text = readSmallFile(file) ?? '';
  if (text.includes(block.text)) {
    return { state: isRun(file) ? 'installed' : 'not executable', hook };
  }
  if (block.pattern.test(text)) return { state: 'outdated', hook };
  const others = [join(askGit(root, '--git-common-dir')[0] ?? '', 'hooks'), '.husky'];
  const shadowed = others
    .map((path) => join(resolve(root, path), 'pre-commit'))
    .find((other) => other !== file && block.pattern.test(readSmallFile(other) ?? ''));
  if (shadowed === undefined) return { state: 'absent', hook };
  return { state: 'absent', hook, shadowed: relative(root, shadowed) };
}

/**
 * Takes the block out again; a hook in which nothing else is goes.
 * @throws CodepaktError as `installHook`
 */
export function removeHook(root: string): HookResult {
  const { file, folder } = findHook(root);
  const hook = relative(root, file);
  const before = readSmallFile(file);
  const after = without(before ?? '', blockFor(folder).pattern);
  if (before === undefined || after === before) {
    return { hook, changed: false, message: 'was not installed' };
  }
  requireInside(root, file);
  if (/^#![^\n]*\n?\s*$/.test(after)) rmSync(file);
  else replaceText(realPlace(file), after);
  return { hook, changed: true, message: 'removed' };
}

/** The hook that git runs for this project, and where the project lies in the repository. */
function findHook(root: string): { file: string; folder: string } {
  const [top = '', path = ''] = askGit(root, '--show-toplevel', '--git-path', 'hooks');
  const hooks = resolve(root, path);
  const folder = relative(top, root);
  // Husky lets git run files that it makes anew at each install; ours to change are those beside them.
  const isHusky = basename(hooks) === '_' && existsSync(join(hooks, 'h'));
  return { file: join(isHusky ? dirname(hooks) : hooks, 'pre-commit'), folder };
}

/**
 * A repository may come from anywhere, and with it what it says of its hooks: nothing outside of it
 * is written. Nor is a folder of hooks that all repositories of a user share.
 * @throws CodepaktError `wrong_usage`
 */
function requireInside(root: string, file: string): void {
  const [top = '', common = ''] = askGit(root, '--show-toplevel', '--git-common-dir');
  const place = realPlace(file);
  if ([top, resolve(root, common)].some((folder) => isBelow(realPlace(folder), place))) return;
  throw new CodepaktError('wrong_usage', `git runs the hook ${place}, outside of this repository`, {
    hint: 'Let it run `cpk scan --incremental` yourself, or take core.hooksPath out of the git config.',
  });
}

/** Where a file lies, or would lie, when every link on the way is followed. */
function realPlace(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    return existsSync(path) ? realpathSync(path) : resolve(dirname(path), readlinkSync(path));
  }
  return join(realPlace(dirname(path)), basename(path));
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder + sep);
}

/** Git runs a file that is executable; husky runs its own whatever they are. */
function isRun(file: string): boolean {
  return (statSync(file).mode & 0o111) !== 0 || basename(dirname(file)) === '.husky';
}

/** The lines that `git rev-parse` answers. */
function askGit(root: string, ...asked: string[]): string[] {
  try {
    const answer = execFileSync('git', ['rev-parse', ...asked], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return answer.split('\n');
  } catch (cause) {
    throw new CodepaktError('wrong_usage', `${root} is not in a git repository`, { cause });
  }
}

/** Git runs hooks at the top of the repository, or of the worktree. */
function blockFor(folder: string): { text: string; pattern: RegExp } {
  const name = folder === '' ? 'codepakt' : `codepakt ${folder}`;
  const project = `./${folder}`.replaceAll("'", "'\\''");
  const text = `# >>> ${name}
if command -v cpk >/dev/null 2>&1; then
  cpk scan --incremental --project '${project}' >/dev/null 2>&1 || true
fi
# <<< ${name}
`;
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return {
    text,
    pattern: new RegExp(`^# >>> ${escaped}\\n[\\s\\S]*?^# <<< ${escaped}(?:\\n|$)`, 'm'),
  };
}

function without(text: string, pattern: RegExp): string {
  return text.replace(pattern, '');
}

/** At the end; but a script that ends by itself would never get there. */
function addTo(text: string, block: string): string {
  if (/^\s*(?:exec|exit)\b/m.test(text)) {
    const [, shebang = '', rest = ''] = /^(#![^\n]*\n)?([\s\S]*)$/.exec(text) ?? [];
    return `${shebang}${block}${rest}`;
  }
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${block}`;
}

function requireShell(file: string, text: string): void {
  const shebang = /^#!(.*)/.exec(text)?.[1];
  if (shebang === undefined || /\b(?:ba|da|k|z|a)?sh\b/.test(shebang)) return;
  throw new CodepaktError('wrong_usage', `${file} is no shell script (${shebang.trim()})`, {
    hint: 'Let it run `cpk scan --incremental`, and go on whatever comes of that.',
  });
}
