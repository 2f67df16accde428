// `pnpm e2e:matrix`: the packed packages on every Node and with every package manager that they are
// meant for. `--write` keeps the outcome in docs/compatibility.md. It needs a registry; what it
// installs of ours comes from tarballs.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Consumer } from '../consumer.ts';
import { startRegistry } from '../local-registry.ts';
import { install, npm, type PackageManager } from '../package-managers.ts';
import { packAll } from '../packed-package.ts';
import { tryBundle, tryGuide, tryLibraries } from '../trial.ts';
import { SETUPS, tryTypes } from '../try-types.ts';
import { Report } from './report.ts';
import { fetchTools, type Node } from './tools.ts';
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
    const installed = async (manager: PackageManager, node: Node, packages?: string[]) => {
      const consumer = await Consumer.arrive(node.path);
      try {
        await install(consumer, manager, registry.url, packages);
      } catch (error) {
        await consumer[Symbol.asyncDispose]();
        throw error;
      }
      return consumer;
    };
    const [oldest, present = tools.old] = tools.nodes;

    for (const node of tools.nodes) {
      await report.row(
        'guide, commands and libraries',
        `${node.name}, ${tools.npm.name}`,
        async () => {
          await using consumer = await installed(tools.npm, node);
          return [
            ...(await tryBundle(consumer)),
            ...(await tryGuide(consumer)),
            ...(await tryLibraries(consumer)),
          ];
        },
      );
    }
    for (const manager of tools.managers) {
      const where = `${manager.name}, ${present.name}`;
      await report.row('commands and libraries, scripts blocked', where, async () => {
        await using consumer = await installed(manager, present);
        return [...(await tryBundle(consumer)), ...(await tryLibraries(consumer))];
      });
    }
    await report.row('npx, npm -g, pnpm dlx, as in the README', present.name, async () => {
      await using consumer = await Consumer.arrive(present.path);
      return await tryReadme(consumer, registry.url, tools);
    });
    await report.row('refuses, and does nothing else', tools.old.name, async () => {
      await using consumer = await installed(tools.npm, oldest ?? present, ['codepakt']);
      return await tryOldNode(consumer, tools.old);
    });
    await report.row('types, strict, without skipLibCheck', 'TypeScript 7 and 5.9', async () => {
      await using consumer = await installed(tools.npm, present);
      return await tryTypes(consumer, SETUPS);
    });
    await report.row('tarballs', 'publint', async () =>
      lint(tarballs, (tarball) => ['publint', 'run', tarball, '--strict']),
    );
    await report.row('tarballs', 'Are The Types Wrong', async () =>
      lint(tarballs, (tarball) => ['attw', tarball, '--profile', 'esm-only']),
    );
    await report.row('installed and used without a network', present.name, async () =>
      offline(tarballs, present),
    );
    await report.row('audit of all that is installed and bundled', tools.npm.name, async () => {
      await using consumer = await installed(tools.npm, present);
      return await tryAudit(consumer, root);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.write) report.write(join(root, 'docs/compatibility.md'));
  return report.isClean;
}

function lint(tarballs: string, command: (tarball: string) => [string, ...string[]]): string[] {
  return globSync('*.tgz', { cwd: tarballs }).flatMap((file) => {
    const [tool, ...args] = command(join(tarballs, file));
    const binary = join(root, 'node_modules/.bin', tool);
    const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8' });
    return status === 0 ? [] : [`${file}:\n${stdout}${stderr}`];
  });
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
