import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { callCpk } from '../call-cpk.ts';
import type { Site } from '../site.ts';

export interface RepositoryFigures {
  hostile_files: number;
  /** Commands that were run in it. */
  hostile_commands: number;
}

const SECRET = 'outside_of_the_repository';
const PATIENCE_MS = 30_000;

/** What a terminal takes for an order: escape sequences, and for people also what turns the writing round. */
const STEERING = /[^\P{Cc}\n]/u;
const STEERING_PEOPLE = /[^\P{Cc}\n\t]|[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;

/**
 * Works in a repository that somebody else has made to do harm: before and after `cpk init`, nothing
 * outside of it may be read or changed, nothing of it be run, and no command hang.
 */
export async function scanHostileRepository(
  site: Site,
  { quick = false }: { quick?: boolean } = {},
): Promise<{ figures: RepositoryFigures; faults: string[] }> {
  const faults: string[] = [];
  const outside = join(site.folder, 'outside-repository');
  const root = join(site.folder, 'hostile');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.ts'), `export const ${SECRET} = 1;\n`);
  const before = JSON.stringify(readAll(outside));
  const lure = await openLure();
  const hostile_files = makeRepository(root, outside, site, lure.port);
  const victim = await site.answer(['events', '--limit', '500']);
  let commands = 0;
  const run = async (args: readonly string[], expected: readonly number[], port?: number) => {
    commands++;
    const { CPK_PORT: _, ...env } = site.env;
    const result = await callCpk({
      entry: site.entry,
      cwd: root,
      // Without a port the config of the repository has its say.
      env: port === undefined ? env : { ...env, CPK_PORT: String(port) },
      args,
      kill_after_ms: PATIENCE_MS,
    });
    const { code, stdout, stderr } = result;
    const said = `cpk ${args.join(' ')} ended with ${code}: ${stderr.slice(0, 300)}`;
    if (code === null || !expected.includes(code)) faults.push(said);
    const isForPeople = args.includes('--human');
    if ((isForPeople ? STEERING_PEOPLE : STEERING).test(stdout + stderr)) {
      faults.push(`${said}; it would have steered a terminal`);
    }
    if (stdout.includes(SECRET)) faults.push(`${said}; it showed what is outside`);
    return result;
  };
  for (const name of ['config.json', 'data.db']) {
    await inPlaceOf(join(root, '.codepakt', name), ENDLESS, async () => {
      await run(['board', 'status'], [2, 3, 4]);
      await run(['doctor'], [1], site.port);
      await run(['init'], [2], site.port);
    });
  }
  for (const args of BEFORE_INIT) await run(args, [3, 6]);
  await run(['init'], [0], site.port);
  for (const args of WORK) await run(args, [0], site.port);
  const questions = QUESTIONS.filter((_, n) => !quick || n % 4 === 0);
  for (const args of questions) await run(args, [0, 3, 5], site.port);
  await run(['scan', '--install-hook'], [2], site.port);
  await run(['doctor'], [1], site.port);
  const pipe = join(root, 'src/a.ts');
  await inPlaceOf(pipe, undefined, () => run(['code', 'source', 'src/a.ts:3'], [0, 3], site.port));
  const { stdout } = await run(['code', 'summary', '--json'], [0], site.port);
  const { files } = JSON.parse(stdout) as { files: number };
  if (files < HARMLESS_FILES) faults.push(`only ${files} files were scanned`);
  lure.close();
  if (lure.tokens.length > 0) faults.push('a token went to a server that the repository named');
  if (existsSync(join(outside, 'ran'))) faults.push('a program of the repository was run');
  if (JSON.stringify(readAll(outside)) !== before) faults.push('something outside was changed');
  const after = await site.answer(['events', '--limit', '500']);
  if (JSON.stringify(after) !== JSON.stringify(victim)) {
    faults.push("another project's board was changed");
  }
  return { figures: { hostile_files, hostile_commands: commands }, faults };
}

/** To read it never ends. */
const ENDLESS = '/dev/zero';

/** While something else lies where a file was: a link, or a pipe. */
async function inPlaceOf(
  file: string,
  target: string | undefined,
  work: () => Promise<unknown>,
): Promise<void> {
  const aside = `${file}.aside`;
  const isThere = existsSync(file);
  if (isThere) renameSync(file, aside);
  if (target === undefined) execFileSync('mkfifo', [file]);
  else symlinkSync(target, file);
  await work();
  rmSync(file);
  if (isThere) renameSync(aside, file);
}

/** The config of the repository names the project of somebody else, and a server. */
const BEFORE_INIT = [
  ['task', 'add', '--title', 'forged'],
  ['task', 'pickup', '--agent', 'eve'],
  ['task', 'verify', 'T-001'],
];
const TEXT = '\u001b[31mred\u001b]0;title\u0007\u009b2J\u202edesrever\rover';
/** What fills a board with texts that would steer a terminal. */
const WORK = [
  ['task', 'add', '--title', TEXT, '--description', TEXT, '--epic', 'e\u001b[2J', '--tags', TEXT],
  ['task', 'add', '--title', 'blocked', '--depends-on', 'T-001'],
  ['task', 'pickup', '--agent', 'ada'],
  ['task', 'note', 'T-001', TEXT, '--agent', 'ada'],
  ['task', 'block', 'T-001', '--reason', TEXT, '--agent', 'ada'],
  ['docs', 'write', '--type', 'learning', '--title', TEXT, '--body', TEXT],
  ['scan'],
  ['scan', '--incremental'],
  ['scan', '--full'],
];
const QUESTIONS = [
  ['task', 'list'],
  ['task', 'show', 'T-001'],
  ['task', 'mine', '--agent', 'ada'],
  ['task', 'graph'],
  ['task', 'graph', '--format', 'dot'],
  ['task', 'graph', '--format', 'mermaid'],
  ['board', 'status'],
  ['agent', 'list'],
  ['events'],
  ['docs', 'list'],
  ['docs', 'read', 'D-001'],
  ['docs', 'search', 'red'],
  ['task', 'show', `T-${TEXT}`],
  ['code', 'summary'],
  ['code', 'symbols', SECRET],
  ['code', 'search', SECRET],
  ['code', 'outline', 'src/linked/secret.ts'],
  ['code', 'source', 'secret.ts:1'],
  ['code', 'orphans'],
  ['code', 'imports', 'a.ts'],
  ['code', 'symbols', '--file', 'src'],
].map((args) => [...args, '--human']);

/** So many files of the repository are as good as any other. */
const HARMLESS_FILES = 10;
/** Among so many process ids is that of `cpk init`. */
const NEXT_PROCESSES = 2_000;

/** Answers how many files are in it that are not quite what they should be. */
function makeRepository(root: string, outside: string, site: Site, lure: number): number {
  mkdirSync(join(root, 'src'), { recursive: true });
  for (const folder of ['.codepakt', '.husky']) mkdirSync(join(root, folder));
  const names = [
    'a.ts',
    'new\nline.ts',
    'esc\u001b[31m.ts',
    'tab\t.ts',
    'quote".ts',
    "single'.ts",
    'dollar$(touch ran).ts',
    'back`touch ran`.ts',
    '-rf.ts',
    '--help.ts',
    ' .ts',
    'bidi\u202e.ts',
    '\u009b2J.ts',
    `${'x'.repeat(240)}.ts`,
    '__proto__.ts',
    'constructor.ts',
    'x.d.ts',
  ];
  for (const name of names) {
    writeFileSync(
      join(root, 'src', name),
      "import { x } from './a.ts';\nexport const x\u001b = 1;\nexport function y() {}\n",
    );
  }
  // Not UTF-8.
  writeFileSync(
    Buffer.concat([Buffer.from(`${root}/src/`), Buffer.from([0xff, 0xfe]), Buffer.from('.ts')]),
    'export const z = 1;\n',
  );
  const links: [string, string][] = [
    [join(outside, 'secret.ts'), 'src/out.ts'],
    [outside, 'src/linked'],
    ['../src', 'src/loop'],
    ['self.ts', 'src/self.ts'],
    ['/etc', 'src/etc'],
    ['/dev/zero', 'src/zero.ts'],
    [join(outside, 'secret.ts'), 'package.json'],
    [join(site.root, '.codepakt'), 'src/board'],
    [ENDLESS, '.husky/pre-commit'],
  ];
  // Names that a draft of AGENTS.md would have, were it told by the process that writes it.
  const { pid } = spawnSync('true');
  const drafts = Array.from({ length: NEXT_PROCESSES }, (_, n) => `AGENTS.md.new-${pid + n}`);
  for (const name of drafts) links.push([join(outside, 'secret.ts'), name]);
  for (const [target, name] of links) symlinkSync(target, join(root, name));
  execFileSync('mkfifo', [join(root, 'src/pipe.ts'), join(root, 'src/tsconfig.json')]);
  writeFileSync(
    join(root, 'tsconfig.json'),
    JSON.stringify({
      extends: join(outside, 'secret.ts'),
      // For a regular expression there are too many ways to share out a long name among these.
      include: ['src', `src/${'*x'.repeat(20)}y.ts`, `${'**/'.repeat(20)}y.ts`],
      compilerOptions: { baseUrl: '../..', paths: { '*': ['../../*', '/etc/*'] } },
    }),
  );
  const config = {
    project_id: site.id,
    url: `http://127.0.0.1:${lure}`,
    path: '/',
    name: TEXT,
    __proto__: 1,
  };
  writeFileSync(join(root, '.codepakt/config.json'), JSON.stringify(config));
  const program = join(root, 'program');
  writeFileSync(program, `#!/bin/sh\ntouch '${join(outside, 'ran')}'\n`);
  chmodSync(program, 0o755);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
  git('init', '--quiet');
  git('add', 'src/a.ts');
  git('config', 'core.fsmonitor', program);
  git('config', 'core.hooksPath', join(outside, 'hooks'));
  git('config', 'core.pager', program);
  git('config', 'diff.external', program);
  git('config', 'filter.x.clean', program);
  git('config', 'alias.ls-files', `!${program}`);
  writeFileSync(join(root, '.gitattributes'), '*.ts filter=x\n');
  return names.length + links.length + 4;
}

/** Listens where the config of the repository sends who works in it, and keeps the tokens that come. */
async function openLure(): Promise<{ port: number; tokens: string[]; close: () => void }> {
  const tokens: string[] = [];
  const server = createServer(({ headers }, response) => {
    const { authorization, cookie } = headers;
    for (const token of [authorization, cookie]) if (token !== undefined) tokens.push(token);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, tokens, close: () => server.close() };
}

function readAll(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
