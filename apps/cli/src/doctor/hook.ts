import { join } from 'node:path';
import { type Finding, ok, quoted, warning } from '@codepakt/core';
import { inspectHook } from '../code/git-hook.ts';
import type { Context } from '../context.ts';
import { rootOf } from './project.ts';

const CHECK = 'hook';
const INSTALL = 'cpk scan --install-hook';

/** Whether the index follows each commit. */
export function examineHook(context: Context): Finding[] {
  const root = context.place?.files ?? rootOf(context);
  if (root === undefined) return [];
  const { state, hook, shadowed } = inspectHook(root);
  switch (state) {
    case 'no repository':
      return [ok(CHECK, 'no git repository here')];
    case 'absent':
      return [
        shadowed === undefined
          ? warning(CHECK, 'not installed: the index learns of changes only when asked to', INSTALL)
          : warning(
              CHECK,
              `git runs ${hook} (core.hooksPath), not ${shadowed}, where it is`,
              INSTALL,
            ),
      ];
    case 'outdated':
      return [warning(CHECK, `${hook} holds what an older codepakt wrote`, INSTALL)];
    case 'not executable':
      return [
        warning(
          CHECK,
          `git does not run ${hook}: it is not executable`,
          `chmod +x ${quoted(join(root, hook))}`,
        ),
      ];
    case 'installed':
      return [ok(CHECK, hook)];
  }
}
