import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok, quoted, warning } from '@codepakt/core';
import type { Context } from '../context.ts';
import {
  type CoordinationFile,
  lookAtCoordinationFiles,
} from '../coordination/coordination-files.ts';
import { findReadOnly } from '../coordination/replace-text.ts';
import { rootOf } from './project.ts';

const CHECK = 'agent files';
/** Codex reads no more than that of all its instructions, unless told. */
const CODEX_BYTES = 32_768;

/** Whether the files that tell agents of the board do so. */
export function examineAgentFiles(context: Context): Finding[] {
  const root = context.place?.files ?? rootOf(context);
  if (root === undefined) return [];
  const files = lookAtCoordinationFiles(root, context.invocation.version);
  const locked = files.flatMap(findLock);
  const open = files.filter((file) => locked.every((lock) => lock.file !== file));
  const findings = [
    ...tell(open, 'absent', 'agents are told nothing of the board in'),
    ...tell(open, 'stale', 'agents read what an older codepakt wrote in'),
    ...locked.map(tellOfLock),
    ...files.filter(({ why, state }) => why !== undefined && state !== 'newer').map(leftAlone),
    ...examineCodex(root, files),
  ];
  return findings.length > 0 ? findings : [ok(CHECK, files.map(({ path }) => path).join(', '))];
}

function tell(
  files: readonly CoordinationFile[],
  state: CoordinationFile['state'],
  what: string,
): Finding[] {
  const paths = files.filter((file) => file.state === state).map(({ path }) => path);
  return paths.length === 0 ? [] : [warning(CHECK, `${what} ${paths.join(', ')}`, 'cpk generate')];
}

interface Lock {
  file: CoordinationFile;
  /** What may not be written to: the file, or a folder above it. */
  path: string;
}

/** What keeps `cpk generate` from writing a file that it has to. */
function findLock(file: CoordinationFile): Lock[] {
  if (file.state !== 'absent' && file.state !== 'stale') return [];
  const path = findReadOnly(file.target);
  return path === undefined ? [] : [{ file, path }];
}

function tellOfLock({ file, path }: Lock): Finding {
  const message = `${file.path} has no up-to-date word of the board, and ${path} may not be written to`;
  return warning(CHECK, message, `chmod u+w ${quoted(path)} && cpk generate`);
}

function leftAlone({ path, why = '', state }: CoordinationFile): Finding {
  const mend =
    state === 'edited'
      ? `delete the block from ${path}, then: cpk generate`
      : `move ${path} away, then: cpk generate`;
  return warning(CHECK, `${path}: ${why}`, mend);
}

function examineCodex(root: string, files: readonly CoordinationFile[]): Finding[] {
  const findings: Finding[] = [];
  if (existsSync(join(root, 'AGENTS.override.md'))) {
    const message = 'Codex reads AGENTS.override.md in place of AGENTS.md';
    findings.push(warning(CHECK, message, 'copy the block of AGENTS.md into it, or delete it'));
  }
  const text = files.find(({ path }) => path === 'AGENTS.md')?.text ?? '';
  const end = text.indexOf('<!-- codepakt end -->');
  if (end >= 0 && Buffer.byteLength(text.slice(0, end)) > CODEX_BYTES) {
    const message = 'the block in AGENTS.md is behind the 32 KiB that Codex reads';
    findings.push(warning(CHECK, message, 'move the block to the top of AGENTS.md'));
  }
  return findings;
}
