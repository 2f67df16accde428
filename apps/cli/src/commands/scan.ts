import { resolve } from 'node:path';
import type { ScanResult } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { openIndex } from '@codepakt/core/light';
import { type IndexPlace, requireIndexPlace } from '../code/index-place.ts';
import { defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { wrongUsage } from '../wrong-usage.ts';

const OUT_OF_DATE = 4;

export const command = defineCommand({
  name: 'scan',
  summary: 'Brings the code index to what the files hold',
  details:
    'Reads what changed since the last scan: TypeScript, JavaScript, Python and Go, as .gitignore and .codepaktignore leave them. Needs no server.',
  examples: ['cpk scan', 'cpk scan --check', 'cpk scan --install-hook'],
  positionals: [],
  options: {
    full: { type: 'flag', describe: 'read every file anew' },
    incremental: {
      type: 'flag',
      describe: 'just what git has staged, as it is staged',
      old: ['changed_only'],
    },
    check: { type: 'flag', describe: 'change nothing; exit 4 when the index is out of date' },
    install_hook: { type: 'flag', describe: 'do so before each commit, which it never blocks' },
    remove_hook: { type: 'flag', describe: 'no longer' },
  },
  async run({ full, incremental, check, install_hook, remove_hook }, context) {
    const asked = [full, incremental, check, install_hook, remove_hook];
    if (asked.filter((flag) => flag === true).length > 1) {
      throw wrongUsage('the options of cpk scan exclude each other');
    }
    const place = requireIndexPlace(context);
    if (install_hook === true || remove_hook === true) {
      return changeHook(context, place, install_hook === true);
    }
    anchorGit();
    if (check === true) return checkIndex(context, place);
    const { scanProject } = await import('../code/scan-project.ts');
    const result = await scanProject(context, place, {
      full: full === true,
      staged: incremental === true,
    });
    await context.output.print<ScanResult>(result, {
      human: async (safe) => (await import('../human/code.ts')).showScan(safe),
    });
    return 0;
  },
});

async function checkIndex(context: Context, place: IndexPlace): Promise<number> {
  const { checkProject } = await import('../code/scan-project.ts');
  const { changed, added, removed } = await checkProject(context, place, readKnown(place));
  const counts = { changed: changed.length, new: added.length, gone: removed.length };
  await context.output.print(counts, {
    human: async () => (await import('../human/code.ts')).showCheck(counts),
  });
  return changed.length + added.length + removed.length === 0 ? 0 : OUT_OF_DATE;
}

/** What the index holds; undefined when nothing was scanned yet. */
function readKnown({ index, root }: IndexPlace) {
  try {
    using opened = openIndex(index, root);
    return opened.known();
  } catch (error) {
    if (error instanceof CodepaktError && error.code === 'index_out_of_date') return undefined;
    throw error;
  }
}

async function changeHook(context: Context, place: IndexPlace, install: boolean): Promise<number> {
  const { installHook, removeHook } = await import('../code/git-hook.ts');
  const result = (install ? installHook : removeHook)(place.root);
  await context.output.print(result, {
    human: ({ hook, message }) => `${hook}: ${message}`,
  });
  return 0;
}

/**
 * A hook gets the place of the repository and of its index relative to where it was started, but
 * git is asked from the project's folder.
 */
function anchorGit(): void {
  const { env } = process;
  for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE']) {
    if (env[name]) env[name] = resolve(env[name]);
  }
  // With the first alone, git takes whatever folder it is asked in for the top of the files.
  if (env.GIT_DIR && !env.GIT_WORK_TREE) env.GIT_WORK_TREE = process.cwd();
}
