import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumer } from '../consumer.ts';
import type { Node, Tools } from './tools.ts';

/** The ways to get codepakt that the README names, each with a folder of caches of its own. */
export async function tryReadme(
  consumer: Consumer,
  registry: string,
  { npm, pnpm }: Tools,
): Promise<string[]> {
  const env = {
    npm_config_registry: registry,
    npm_config_prefix: join(consumer.home, 'global'),
    pnpm_config_registry: registry,
    pnpm_config_store_dir: join(consumer.home, 'store'),
  };
  const lines = [
    `${npm.command} exec --yes -- codepakt --version`,
    `${npm.command} install --global --ignore-scripts codepakt && "$HOME/global/bin/cpk" --version`,
    `${pnpm.command} dlx codepakt --version`,
  ];
  const faults: string[] = [];
  for (const line of lines) {
    const { status, output } = await consumer.sh(line, env);
    if (status !== 0 || !/^\d+\.\d+\.\d+$/m.test(output)) faults.push(`${line}:\n${output}`);
  }
  return faults;
}

/** On a Node that is too old it says so, and leaves nothing behind. */
export async function tryOldNode(consumer: Consumer, old: Node): Promise<string[]> {
  const entry = join(consumer.project, 'node_modules/codepakt/dist/cpk.js');
  const faults: string[] = [];
  for (const command of ['init', 'task pickup --agent ada', 'scan', '--version']) {
    const { status, output } = await consumer.sh(`${old.path} ${entry} ${command}`);
    const isTold = output.includes('cpk needs Node 22.14 or newer') && output.includes('npx -p');
    if (status !== 1 || !isTold) faults.push(`cpk ${command} ended with ${status}:\n${output}`);
  }
  const left = [join(consumer.project, '.codepakt'), join(consumer.home, '.codepakt')];
  return [...faults, ...left.filter(existsSync).map((path) => `${path} was made`)];
}

/**
 * What is known of weaknesses in all that is installed with our packages, and in what is bundled.
 * Asks the registry that npm and pnpm are set up for; answers with a sentence where it has no say.
 */
export function tryAudit(consumer: Consumer, checkout: string): string[] | string {
  const ours = [
    ['npm', ['audit', '--omit=dev', '--json'], consumer.project],
    ['pnpm', ['audit', '--prod', '--json'], checkout],
  ] as const;
  const faults: string[] = [];
  for (const [command, args, cwd] of ours) {
    const { stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
    const counts = vulnerabilities(stdout);
    if (counts === undefined) {
      return `the registry answers no ${command} audit: ${reason(stdout + stderr)}`;
    }
    if (Object.values(counts).some((count) => count > 0)) faults.push(stdout);
  }
  return faults;
}

/** What a registry said instead of an answer, without its address. */
function reason(output: string): string {
  return /\b[45]\d\d [A-Z][A-Za-z ]+/.exec(output)?.[0].trim() ?? 'it could not be reached';
}

function vulnerabilities(json: string): Record<string, number> | undefined {
  try {
    return JSON.parse(json).metadata?.vulnerabilities;
  } catch {
    return undefined; // not JSON: the registry refused, or could not be reached
  }
}
