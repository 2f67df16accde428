import { CodepaktError } from '@codepakt/contract/light';
import { examineRegistry, type Finding, failure, quoted } from '@codepakt/core';
import type { Context } from '../context.ts';
import { examineAgentFiles } from './agent-files.ts';
import { examineCodeIndex } from './code-index.ts';
import { examineCommand } from './command.ts';
import { examineDataDirectory } from './data-directory.ts';
import { examineDiskSpace } from './disk-space.ts';
import { examineHook } from './hook.ts';
import { examineNode } from './node.ts';
import { examineBoard, examineProject } from './project.ts';
import { examineServer } from './server.ts';

type Check = (context: Context) => Finding[] | Promise<Finding[]>;

/** Of this machine, and of the project that one stands in, each by its name. */
const CHECKS: Readonly<Record<string, Check>> = {
  node: () => examineNode(process.versions.node),
  command: examineCommand,
  'data directory': examineDataDirectory,
  disk: examineDiskSpace,
  server: examineServer,
  registry: ({ data_dir }) => examineRegistry(data_dir),
  project: examineProject,
  database: examineBoard,
  'agent files': examineAgentFiles,
  hook: examineHook,
  'code index': examineCodeIndex,
};

/** Looks at everything that can be wrong. Starts nothing, changes nothing, and needs no server. */
export async function examine(context: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      findings.push(...(await check(context)));
    } catch (error) {
      // One thing that can't be looked at hides no other; what keeps several from it is told once.
      const finding = toFinding(name, error);
      if (findings.every(({ message }) => message !== finding.message)) findings.push(finding);
    }
  }
  return findings;
}

function toFinding(name: string, error: unknown): Finding {
  const { code, path } = error as NodeJS.ErrnoException;
  if (path !== undefined && (code === 'EACCES' || code === 'EPERM')) {
    return failure(name, `${path} may not be read`, `sudo chown "$USER" ${quoted(path)}`);
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof CodepaktError ? error.hint : undefined;
  return failure(name, message, hint ?? 'mend that, then: cpk doctor');
}
