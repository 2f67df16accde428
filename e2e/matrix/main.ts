// `pnpm e2e:matrix`: the packed packages on every Node and with every package manager that they are
// meant for. `--write` keeps the outcome in docs/compatibility.md. It needs a registry; what it
// installs of ours comes from tarballs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Consumer } from '../consumer.ts';
import { lintTarballs } from '../lint-tarballs.ts';
import { startRegistry } from '../local-registry.ts';
import { install, npm, type PackageManager } from '../package-managers.ts';
import { packAll } from '../packed-package.ts';
import { tryBundle, tryGuide, tryLibraries } from '../trial.ts';
import { SETUPS, tryTypes } from '../try-types.ts';
import { Report, type Trial } from './report.ts';
import { fetchTools, type Node, type Tools } from './tools.ts';
import { tryAudit, tryOldNode, tryReadme } from './trials.ts';

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, offline: { type: 'string' } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));

if (values.offline !== undefined) {
  process.exitCode = (await withoutNetwork(values.offline)) ? 0 : 1;
} else {
  process.exitCode = (await everything()) ? 0 : 1;
}

async function everything(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-matrix-'));
  const report = new Report();
  try {
    const tarballs = join(folder, 'tarballs');
    packAll(tarballs);
    mkdirSync(join(folder, 'tools'));
    const tools = fetchTools(join(folder, 'tools'));
    // Yarn 4 wants node-gyp with every package that could be built, whether it is or not.
    await using registry = await startRegistry(tarballs, [tools.nodeGyp]);
    for (const trial of trials(tools, tarballs, registry.url)) await report.add(trial);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.write) report.write(join(root, 'docs/compatibility.md'));
  return report.isClean;
}

function trials(tools: Tools, tarballs: string, registry: string): Trial[] {
  const { tooOld, oldest, present, newest } = tools;
  const installed = (node: Node, work: Work, manager = tools.npm) =>
    withInstalled({ node, manager, registry }, work);
  return [
    ...[oldest, present, newest].map((node) => ({
      what: 'guide, commands and libraries',
      where: `${node.name}, ${tools.npm.name}`,
      run: () => installed(node, allOf(tryBundle, tryGuide, tryLibraries)),
    })),
    ...tools.managers.map((manager) => ({
      what: 'guide, commands and libraries, scripts blocked',
      where: `${manager.name}, ${present.name}`,
      run: () => installed(present, allOf(tryBundle, tryGuide, tryLibraries), manager),
    })),
    {
      what: 'npx, npm -g, pnpm dlx, as in the README',
      where: present.name,
      run: async () => {
        await using consumer = await Consumer.arrive(present.path);
        return await tryReadme(consumer, registry, tools);
      },
    },
    {
      what: 'refuses, and does nothing else',
      where: tooOld.name,
      run: () => installed(oldest, (consumer) => tryOldNode(consumer, tooOld)),
    },
    {
      what: 'types, strict, without skipLibCheck',
      where: 'TypeScript 7 and 5.9',
      run: () => installed(present, (consumer) => tryTypes(consumer, SETUPS)),
    },
    {
      what: 'tarballs',
      where: 'publint',
      run: () => lintTarballs('publint', tarballs),
    },
    {
      what: 'tarballs',
      where: 'Are The Types Wrong',
      run: () => lintTarballs('attw', tarballs),
    },
    {
      what: 'installed and used without a network',
      where: present.name,
      run: () => offline(tarballs, present),
    },
    {
      what: 'audit of all that is installed and bundled',
      where: tools.npm.name,
      run: () => installed(present, async (consumer) => tryAudit(consumer, root)),
    },
  ];
}

type Work = (consumer: Consumer) => Promise<string[] | string>;

function allOf(...works: ((consumer: Consumer) => Promise<string[]>)[]): Work {
  return async (consumer) => {
    const faults: string[] = [];
    for (const work of works) faults.push(...(await work(consumer)));
    return faults;
  };
}

async function withInstalled(
  { node, manager, registry }: { node: Node; manager: PackageManager; registry: string },
  work: Work,
): Promise<string[] | string> {
  await using consumer = await Consumer.arrive(node.path);
  await install(consumer, manager, registry);
  return await work(consumer);
}

/** The guide in a network namespace that has nothing but the loopback interface. */
function offline(tarballs: string, node: Node): string[] | string {
  const isAllowed = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
  if (!isAllowed) return 'no network namespace can be made here';
  const again = [node.path, ...process.execArgv, fileURLToPath(import.meta.url)];
  const line = `ip link set lo up && exec ${again.join(' ')} --offline ${tarballs}`;
  const { status, stdout } = spawnSync('unshare', ['-rn', 'sh', '-c', line], { encoding: 'utf8' });
  return status === 0 ? [] : [stdout];
}

async function withoutNetwork(tarballs: string): Promise<boolean> {
  await using registry = await startRegistry(tarballs);
  await using consumer = await Consumer.arrive();
  await install(consumer, npm(), registry.url);
  const faults = [...(await tryGuide(consumer)), ...(await tryLibraries(consumer))];
  console.log(faults.join('\n'));
  return faults.length === 0;
}
