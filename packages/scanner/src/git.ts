import { execFile, spawn } from 'node:child_process';

/** What git prints, run in `folder`; null when it fails, is not installed or knows no repository there. */
export function runGit(
  folder: string,
  args: string[],
  more: NodeJS.ProcessEnv = {},
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      encoding: 'utf8' as const,
      maxBuffer: 1 << 30,
      env: { ...env, ...more },
    };
    const argv = [...NOTHING_RUN, ...args];
    const git = execFile('git', argv, options, (error, stdout) => resolve(error ? null : stdout));
    git.stdin?.end();
  });
}

/** A repository that was unpacked brings its config, and `core.fsmonitor` names a program to run. */
const NOTHING_RUN = ['-c', 'core.fsmonitor=false'];

/** Nothing that only looks may take a lock from somebody who works. */
const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

/** The environment in which git takes no path for a pattern. */
export const LITERALLY: NodeJS.ProcessEnv = { GIT_LITERAL_PATHSPECS: '1' };

/**
 * The environment in which git runs no filter that the repository's own config names: comparing a
 * file with the index would. A file that such a filter makes then counts as changed.
 */
export async function withoutFilters(folder: string): Promise<NodeJS.ProcessEnv> {
  const asked = ['config', '-z', '--show-scope', '--name-only', '--get-regexp', '^filter\\.'];
  const words = (await runGit(folder, asked))?.split('\0') ?? [];
  const own = words.filter((_, at) => at % 2 === 1 && !TRUSTED_SCOPES.has(words[at - 1] ?? ''));
  const settings = own.map((name) => [name, name.endsWith('.required') ? 'false' : ''] as const);
  const entries = settings.flatMap(([name, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, name],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { ...Object.fromEntries(entries), GIT_CONFIG_COUNT: String(settings.length) };
}

/** What the user or the machine has set; all else may have come with the repository. */
const TRUSTED_SCOPES = new Set(['system', 'global', 'command']);

/**
 * The contents of git objects by their ids, through one process.
 * @throws when an object is missing or git fails
 */
export function readBlobs(folder: string, ids: string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return Promise.resolve(new Map());
  return new Promise((resolve, reject) => {
    const git = spawn('git', ['cat-file', '--batch'], { cwd: folder, env });
    const chunks: Buffer[] = [];
    git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    git.on('error', reject);
    // A git that ends early closes the pipe; its exit says why.
    git.stdin.on('error', () => {});
    git.on('close', (code) => {
      try {
        if (code !== 0) throw new Error(`git cat-file ended with ${code}`);
        resolve(splitBlobs(Buffer.concat(chunks)));
      } catch (error) {
        reject(error);
      }
    });
    git.stdin.end(`${ids.join('\n')}\n`);
  });
}

/** The output is `<id> <type> <size>`, a line feed, the content and another line feed, for each. */
function splitBlobs(output: Buffer): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [id = '', type = '', size] = output.toString('latin1', at, end).split(' ');
    if (size === undefined) throw new Error(`git has no object ${id} (${type})`);
    const start = end + 1;
    blobs.set(id, output.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return blobs;
}
