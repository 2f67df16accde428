// What is tried of an installed package, by the tests and by `pnpm e2e:matrix`. Each answers with what
// is wrong: nothing, one hopes.
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer } from './consumer.ts';
import { FOUND_THERE, libraryPrograms } from './doc-programs.ts';
import { fits, type GuideStep, guideSteps, guideTasks, steady } from './guide-steps.ts';

/** Without better-sqlite3. */
const MOST_BYTES = 25 * 1024 * 1024;

/** Every public entry of the libraries. */
export const ENTRIES = [
  '@codepakt/api-client',
  '@codepakt/api-client/node',
  '@codepakt/contract',
  '@codepakt/contract/light',
  '@codepakt/core',
  '@codepakt/core/light',
  '@codepakt/core/scan',
  '@codepakt/core/testing',
  '@codepakt/grammars',
  '@codepakt/scanner',
];

/** The programs of the documentation, one after the other, beside a running daemon. */
export async function tryLibraries(consumer: Consumer): Promise<string[]> {
  for (const [folder, files] of Object.entries(FOUND_THERE)) {
    for (const [file, text] of Object.entries(files)) consumer.write(`${folder}/${file}`, text);
  }
  await consumer.must('cpk server start');
  const faults: string[] = [];
  for (const [at, { title, folder, code, prints }] of libraryPrograms().entries()) {
    const here = code.replaceAll('http://127.0.0.1:41920', consumer.url);
    consumer.write(`${folder}/program-${at}.mjs`, here);
    const { output } = await consumer.sh(`cd ${folder} && node program-${at}.mjs`);
    if (output.trim() !== prints.join('\n')) faults.push(`${title}: it printed\n${output}`);
  }
  // Those who still write CommonJS get them too.
  consumer.write('require.cjs', ENTRIES.map((entry) => `require('${entry}');\n`).join(''));
  const { status, output } = await consumer.sh('node require.cjs');
  if (status !== 0) faults.push(`require() of every entry:\n${output}`);
  return faults;
}

/** The guide, typed by a person and two agents. */
export async function tryGuide(consumer: Consumer): Promise<string[]> {
  consumer.write('prd.md', '# A book shop\n');
  consumer.write('tasks.json', guideTasks());
  const faults: string[] = [];
  for (const step of guideSteps()) {
    const printed = await follow(consumer, step);
    const expected = steady(step.prints, consumer.project);
    if (!fits(printed, expected)) {
      faults.push(`$ ${step.command}\n${printed}\nand not\n${expected}`);
    }
  }
  return faults;
}

/** Answers what the step printed; a question about the board is asked until the answer fits. */
async function follow(consumer: Consumer, { agent, command, prints }: GuideStep): Promise<string> {
  const env = agent === undefined ? { CPK_OUTPUT: 'human' } : { CPK_AGENT: agent };
  const expected = steady(prints, consumer.project);
  const line = command.startsWith('kill') ? `kill -9 ${await daemonPid(consumer)}` : command;
  for (const end = Date.now() + 15_000; ; await sleep(250)) {
    const printed = steady((await consumer.sh(line, env)).output, consumer.project);
    const isQuestion = command === 'cpk board status';
    if (fits(printed, expected) || !isQuestion || Date.now() > end) return printed;
  }
}

async function daemonPid(consumer: Consumer): Promise<number> {
  const status = JSON.parse(await consumer.must('cpk server status --json')) as { pid: number };
  return status.pid;
}

/** What is installed: its names, its size, its binaries, and that nothing wants to run. */
export async function tryBundle(consumer: Consumer): Promise<string[]> {
  const modules = join(consumer.project, 'node_modules');
  const { version } = readManifest(join(modules, 'codepakt'));
  const faults: string[] = [];
  for (const name of ['cpk', 'codepakt']) {
    const { output } = await consumer.sh(`${name} --version`);
    if (output.trim() !== version) faults.push(`${name} --version says ${output}`);
  }
  const bytes = globSync('codepakt/**/*', { cwd: modules })
    .map((file) => statSync(join(modules, file)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
  if (bytes === 0 || bytes > MOST_BYTES) faults.push(`codepakt takes ${bytes} bytes`);
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' });
  const native = files.filter((file) => /\.(?:node|so|dylib|dll|exe)$/.test(file));
  const others = native.filter((file) => !file.includes('better-sqlite3/'));
  if (native.length === others.length) faults.push('better-sqlite3 brings no binary');
  faults.push(...others.map((file) => `${file} is a binary`));
  const installed = globSync(['*', '@*/*'], { cwd: modules }).map((name) => join(modules, name));
  const packages = installed.filter((folder) => existsSync(join(folder, 'package.json')));
  return [...faults, ...packages.filter(runsAtInstall).map((folder) => `${folder} runs a script`)];
}

/** Whether npm would run something of a package when it installs it. */
function runsAtInstall(folder: string): boolean {
  const { scripts = {}, gypfile } = readManifest(folder);
  const isBuilt = gypfile !== false && existsSync(join(folder, 'binding.gyp'));
  return isBuilt || ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
}

interface Manifest {
  version: string;
  scripts?: Record<string, string>;
  gypfile?: boolean;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
