import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stripVTControlCharacters } from 'node:util';
import {
  backUpBoard,
  backupFolder,
  backupName,
  examineDatabase,
  type Finding,
  initProject,
  listProjects,
} from '@codepakt/core';
import { writeLegacyDatabase } from '@codepakt/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { installHook } from '../code/git-hook.ts';
import { createContext } from '../context.ts';
import { generate } from '../coordination/generate.ts';
import { withBlock } from '../coordination/marked-block.ts';
import { examine } from '../doctor/examine.ts';
import { showFindings } from '../human/doctor.ts';
import { createOutput } from '../output.ts';
import { isPacked, VERSION } from '../testing/program.ts';
import { openRepository } from '../testing/repository.ts';
import { NEWER, OLDER } from '../testing/versions.ts';
import { type Ran, type RunOptions, Workbench } from '../testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

const isRoot = process.getuid?.() === 0;
const canMount = isRoot && spawnSync('unshare', ['-m', 'true'], { stdio: 'ignore' }).status === 0;

/** With a project, as `cpk init` makes it. */
async function benchWithProject(): Promise<Workbench> {
  const bench = await Workbench.open();
  setUp(bench, bench.project);
  return bench;
}

function setUp({ data_dir }: Workbench, folder: string): void {
  initProject(folder, { data_dir });
  generate(folder, VERSION);
}

/** `cpk doctor`, as a process of its own. */
async function run(bench: Workbench, options: RunOptions = {}) {
  return read(await bench.cpk(['doctor'], options));
}

function read({ code, json, stderr }: Pick<Ran, 'code' | 'json' | 'stderr'>) {
  expect(stderr).toBe('');
  const seen = toSeen(json as Finding[]);
  expect(code).toBe(seen.findings.some(({ level }) => level === 'error') ? 1 : 0);
  return seen;
}

/** What it finds; of the source, without the time that a process takes. */
async function look(bench: Workbench, cwd = bench.project, version = VERSION) {
  if (isPacked) return await run(bench, { cwd, version });
  const invocation = { argv: [], entry: '', version, env: bench.env, cwd, ...NO_BUILD };
  return toSeen(await examine(createContext(invocation, createOutput('json'), {})));
}
const NO_BUILD = {
  dashboardDir: undefined,
  grammarsDir: undefined,
  scannerWorker: undefined,
  boardExaminer: undefined,
};

/** What is wrong has its mend. */
function toSeen(findings: Finding[]) {
  for (const { level, mend } of findings) expect(mend === undefined).toBe(level === 'ok');
  return { findings, of: (check: string) => findings.filter((found) => found.check === check) };
}

/** Where git is, and no cpk that somebody may have installed. */
function systemFolders(): string[] {
  const folders = (process.env.PATH ?? '').split(':');
  return folders.filter((folder) => !existsSync(join(folder, 'cpk')));
}

/** Every file below a folder, with what is in it and when it was changed; not what Node keeps of the program. */
function snapshot(folder: string): unknown {
  const names = readdirSync(folder, { recursive: true }) as string[];
  const ours = names.filter((name) => !/^data(?:$|\/compiled)/.test(name));
  return ours.sort().map((name) => {
    const stat = statSync(join(folder, name));
    const bytes = stat.isFile() ? readFileSync(join(folder, name)) : '';
    return [name, stat.mtimeMs, createHash('sha256').update(bytes).digest('hex')];
  });
}

describe('where all is well', () => {
  test('it says so, changes nothing, and needs no server', async () => {
    await using bench = await benchWithProject();
    openRepository(bench.project).git('init', '--quiet');
    const cpk = join(bench.folder, 'bin', 'cpk');
    mkdirSync(join(bench.folder, 'bin'));
    writeFileSync(cpk, '#!/bin/sh\n', { mode: 0o755 });
    bench.write('a.ts', 'export const a = 1;\n');
    await bench.ok(['scan']);
    installHook(bench.project);
    const before = snapshot(bench.folder);
    const env = { PATH: `${join(bench.folder, 'bin')}:${process.env.PATH}` };
    const { findings } = await run(bench, { env });
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      'node',
      'command',
      'data directory',
      'disk',
      'server',
      'port',
      'registry',
      'project',
      'database',
      'agent files',
      'hook',
      'code index',
    ]);
    expect(snapshot(bench.folder)).toEqual(before);
    expect(bench.daemon).toBeUndefined();
  });

  test('outside of a project it looks at the machine', async () => {
    await using bench = await Workbench.open();
    const { findings, of } = await look(bench);
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(of('project')[0]?.message).toContain('none here');
    expect(readdirSync(bench.folder)).toEqual(['project']);
  });
});

describe('it finds', () => {
  test('all that is wrong at once, each with its mend', async () => {
    await using bench = await benchWithProject();
    const { git } = openRepository(bench.project);
    git('init', '--quiet');
    bench.write('a.ts', 'export const a = 1;\n');
    await bench.ok(['scan']);
    installHook(bench.project);
    git('config', 'core.hooksPath', 'tools/hooks');
    bench.write('a.ts', 'export const a = 1;\nexport const b = 2;\n');
    bench.write('c.ts', '');
    bench.write('AGENTS.md', withBlock('# Ours\n', { body: 'old', version: OLDER }));
    bench.write('AGENTS.override.md', '# Mine\n');
    rmSync(join(bench.project, 'GEMINI.md'));
    chmodSync(bench.data_dir, 0o755);
    const file = join(bench.project, '.codepakt/data.db');
    chmodSync(file, 0o640);
    const gone = join(bench.folder, 'gone');
    mkdirSync(gone);
    setUp(bench, gone);
    rmSync(gone, { recursive: true });
    mkdirSync(join(bench.data_dir, 'projects', 'damaged'));

    await bench.ok(['board', 'status']);
    const pid = await bench.killServer();
    const stranger = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => stranger.listen(bench.port, '127.0.0.1', resolve));

    const npx = join(bench.folder, '_npx', '1', 'node_modules', '.bin');
    mkdirSync(npx, { recursive: true });
    writeFileSync(join(npx, 'cpk'), '', { mode: 0o755 });
    const PATH = [npx, ...systemFolders()].join(':');
    const { findings, of } = await run(bench, { env: { PATH } });
    stranger.close();
    expect(of('command')).toMatchObject([
      { level: 'warning', mend: 'npm install --global codepakt' },
    ]);
    expect(of('server')).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining(`process ${pid}`),
        mend: 'cpk server start',
      },
    ]);
    expect(of('port')).toMatchObject([
      {
        level: 'error',
        message: `${bench.port} is taken by another program`,
        mend: `export CPK_PORT=${bench.port + 1}`,
      },
    ]);
    expect(of('registry').map(({ message }) => message)).toEqual([
      expect.stringContaining('projects/damaged says of no project'),
      expect.stringContaining(`its folder ${gone} is gone`),
    ]);
    expect(of('rights').map(({ mend }) => mend)).toEqual([
      `chmod 700 ${bench.data_dir}`,
      `chmod 600 ${file} ${file}-wal ${file}-shm`,
    ]);
    expect(of('agent files').map(({ message, mend }) => [message, mend])).toEqual([
      ['agents are told nothing of the board in GEMINI.md', 'cpk generate'],
      ['agents read what an older codepakt wrote in AGENTS.md', 'cpk generate'],
      [expect.stringContaining('AGENTS.override.md'), expect.any(String)],
    ]);
    expect(of('hook')).toMatchObject([
      {
        message:
          'git runs tools/hooks/pre-commit (core.hooksPath), not .git/hooks/pre-commit, where it is',
        mend: 'cpk scan --install-hook',
      },
    ]);
    expect(of('code index')).toMatchObject([
      { message: 'files since the last scan: 1 changed, 1 new', mend: 'cpk scan' },
    ]);
    expect(of('database')).toMatchObject([{ level: 'ok' }]);

    const lines = stripVTControlCharacters(showFindings(findings)).split('\n');
    expect(lines).toHaveLength(findings.length);
    const taken = lines.filter((line) =>
      /^error +port +\d+ is taken .+ → export CPK_PORT=/.test(line),
    );
    expect(taken).toHaveLength(1);
  });

  test('a damaged board, and the backup that brings it back', async () => {
    await using bench = await benchWithProject();
    const file = join(bench.project, '.codepakt/data.db');
    const [project] = listProjects(bench.data_dir);
    const folder = backupFolder(bench.data_dir, project?.id ?? '');
    const backup = join(folder, backupName('backup', new Date()));
    mkdirSync(folder, { recursive: true });
    backUpBoard(file, backup);
    const bytes = readFileSync(file);
    for (let at = 4_104; at < bytes.length; at += 512) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    writeFileSync(`${file}.replaced-20990101T000000000Z.bak`, bytes);
    // As a restore keeps a board in which a text was changed: SQLite finds nothing wrong with it.
    const kept = join(folder, backupName('restore', new Date(Date.now() + 1_000)));
    copyFileSync(backup, kept);
    const database = new DatabaseSync(kept);
    database.exec("UPDATE projects SET name = 'x'");
    database.close();
    utimesSync(backup, 0, 0);
    const { of } = await look(bench);
    const [damaged] = of('database');
    expect(damaged).toMatchObject({ level: 'error', mend: `cpk restore ${backup}` });
    expect(damaged?.message).toContain('damaged');
    expect(readFileSync(file)).toEqual(bytes);
    await bench.ok(['restore', backup]);
    expect(examineDatabase(file)).toMatchObject([{ level: 'ok' }]);
  });

  test('a board of a newer codepakt, and which one reads it', async () => {
    await using bench = await benchWithProject();
    const file = join(bench.project, '.codepakt/data.db');
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO schema_version VALUES (99, '')");
    database.close();
    const bytes = readFileSync(file);
    expect((await look(bench)).of('database')).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('has version 99, written by a newer codepakt'),
        mend: 'npm install --global codepakt@latest',
      },
    ]);
    expect(readFileSync(file)).toEqual(bytes);
  });

  test('a hook and an index that are missing', async () => {
    await using bench = await benchWithProject();
    openRepository(bench.project).git('init', '--quiet');
    bench.write('a.ts', 'export const a = 1;\n');
    const { of } = await look(bench);
    expect(of('hook')).toMatchObject([{ level: 'warning', mend: 'cpk scan --install-hook' }]);
    expect(of('code index')).toMatchObject([{ level: 'warning', mend: 'cpk scan' }]);
  });

  test('a damaged board that was carried over, and the way back to what it was then', async () => {
    await using bench = await Workbench.open();
    const file = join(bench.project, '.codepakt/data.db');
    mkdirSync(join(bench.project, '.codepakt'));
    writeLegacyDatabase(file, 'v2');
    setUp(bench, bench.project);
    const bytes = readFileSync(file);
    for (let at = 4_104; at < bytes.length; at += 512) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    const [damaged] = (await look(bench)).of('database');
    expect(damaged?.message).toContain('damaged');
    const [, command = ''] = damaged?.mend?.split('carried over: ') ?? [];
    execFileSync('sh', ['-c', command], { cwd: bench.project, env: withCpk(bench), stdio: 'pipe' });
    expect((await look(bench)).of('database')).toMatchObject([{ level: 'ok' }]);
    expect(await bench.ok(['task', 'show', 'T-001'])).toMatchObject({ id: 'T-001' });
    expect(readFileSync(join(`${file}.damaged`, 'data.db'))).toEqual(bytes);
  });

  test('an agent file that may not be written to, and what lets cpk generate do it', async () => {
    await using bench = await benchWithProject();
    const file = join(bench.project, 'GEMINI.md');
    writeFileSync(file, withBlock('', { body: 'old', version: OLDER }));
    chmodSync(file, 0o444);
    const [found, ...others] = (await look(bench)).of('agent files');
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('GEMINI.md'),
      mend: `chmod u+w ${file} && cpk generate`,
    });
    chmodSync(file, 0o644);
    generate(bench.project, VERSION);
    expect((await look(bench)).of('agent files')).toMatchObject([{ level: 'ok' }]);
    // What is right as it is need not be written to.
    chmodSync(file, 0o444);
    expect((await look(bench)).of('agent files')).toMatchObject([{ level: 'ok' }]);
  });

  test('a server of another version, one that hangs, and one whose process id passed on', async () => {
    await using bench = await benchWithProject();
    const { pid } = await bench.ok<{ pid: number }>(['server', 'start']);
    expect((await look(bench)).of('server')).toMatchObject([{ level: 'ok' }]);
    expect((await look(bench, bench.project, NEWER)).of('server')).toMatchObject([
      { level: 'warning', mend: 'cpk server restart' },
    ]);
    expect((await look(bench, bench.project, OLDER)).of('server')).toMatchObject([
      { level: 'warning', mend: `npm install --global codepakt@${VERSION}` },
    ]);
    process.kill(pid, 'SIGSTOP');
    const hanging = await look(bench);
    process.kill(pid, 'SIGCONT');
    expect(hanging.of('server')).toMatchObject([
      { level: 'error', mend: expect.stringContaining(`kill -9 ${pid}`) },
    ]);

    const state = JSON.parse(bench.read('data/daemon.json'));
    const passedOn = { ...state, pid: process.pid, url: 'http://127.0.0.1:1' };
    writeFileSync(join(bench.data_dir, 'daemon.json'), JSON.stringify(passedOn));
    const ours = await look(bench);
    writeFileSync(join(bench.data_dir, 'daemon.json'), JSON.stringify(state));
    expect(ours.of('server')[0]?.message).toContain('is another program now');
    expect(ours.of('port')[0]?.message).toContain('the server of another data directory');
  });

  test('a copy, one that moved, files that are no JSON, and goes on with the rest', async () => {
    await using bench = await benchWithProject();
    const copy = join(bench.folder, 'copy');
    execFileSync('cp', ['-r', bench.project, copy]);
    const copied = await look(bench, copy);
    expect(copied.of('project')).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('is a copy of'),
        mend: expect.stringContaining('cpk init'),
      },
    ]);
    rmSync(copy, { recursive: true });
    renameSync(bench.project, copy);
    const moved = await look(bench, copy);
    expect(moved.of('project')).toMatchObject([{ level: 'error', mend: 'cpk init' }]);
    expect(moved.of('registry')).toMatchObject([{ level: 'warning' }]);
    writeFileSync(join(copy, '.codepakt/config.json'), '{');
    writeFileSync(join(bench.data_dir, 'settings.json'), '[]');
    const broken = await look(bench, copy);
    const errors = broken.findings.filter(({ level }) => level === 'error');
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('settings.json is not a JSON object'),
      expect.stringContaining('config.json is not a JSON object'),
    ]);
  });

  test('what may only be read', async () => {
    await using bench = await benchWithProject();
    const folder = join(bench.project, '.codepakt');
    chmodSync(join(folder, 'data.db'), 0o444);
    chmodSync(folder, 0o555);
    chmodSync(bench.data_dir, 0o555);
    if (isRoot) {
      // Root may write anywhere, so the process runs as somebody else, who may only read.
      chmodSync(bench.folder, 0o755);
      execFileSync('chmod', ['-R', 'a+rX', bench.data_dir, bench.project]);
    }
    const uid = isRoot ? { uid: 65_534 } : {};
    const { of } = await run(bench, { env: { NODE_COMPILE_CACHE: '' }, ...uid });
    expect(of('data directory')).toMatchObject([{ level: 'error' }]);
    expect(of('database place')).toMatchObject([
      { level: 'error', message: `${folder} may not be written to` },
    ]);
    expect(of('database')).toMatchObject([{ level: 'ok' }]);
    for (const path of [folder, bench.data_dir]) chmodSync(path, 0o755);
  });

  test.runIf(canMount)('a disk that is nearly full', async () => {
    await using bench = await benchWithProject();
    const small = join(bench.folder, 'small');
    mkdirSync(small);
    const script = `mount -t tmpfs -o size=8m none ${small} && ${bench.commandLine(['doctor'])}`;
    const env = { ...bench.env, CPK_DATA_DIR: small };
    expect(inMounts(bench, script, env).of('disk')).toContainEqual({
      check: 'disk',
      level: 'error',
      message: `only 8 MiB free on the disk of ${small}`,
      mend: 'free some space',
    });
  });

  test.runIf(canMount)('a network file system, from which its mend brings all away', async () => {
    await using bench = await benchWithProject();
    // What was answered stands in the write-ahead log alone when the server is killed.
    await bench.ok(['task', 'add', '--title', 'kept']);
    await bench.killServer();
    // No server of files is at hand: the list of mounts says that there is one, to these processes alone.
    const line = `1 0 0:1 / ${bench.project} rw - nfs4 box:/boards rw\n`;
    mkdirSync(join(bench.folder, 'proc', 'self'), { recursive: true });
    writeFileSync(join(bench.folder, 'proc', 'self', 'mountinfo'), line);
    const mount = `mount --bind ${bench.folder}/proc /proc`;
    const { of } = inMounts(bench, `${mount} && ${bench.commandLine(['doctor'])}`, bench.env);
    const [found] = of('database place');
    expect(found).toMatchObject({
      level: 'error',
      message: expect.stringContaining('network file system (nfs4)'),
      mend: expect.stringContaining('--hosted'),
    });

    const env = withCpk(bench);
    // What others tell who meets such a board leads here, and not in a circle.
    const circle = spawnInMounts(bench, `${mount} && cpk init --hosted`, env);
    expect(circle).toMatchObject({ stderr: expect.stringContaining('cpk doctor') });
    const mended = spawnInMounts(bench, `${mount} && ${found?.mend}`, env);
    expect(mended).toMatchObject({ status: 0 });
    expect(existsSync(join(bench.project, '.codepakt/data.db'))).toBe(false);
    expect(await bench.ok(['task', 'list'])).toMatchObject([{ title: 'kept' }]);
  });
});

/** The variables of a shell that finds `cpk`, and a home of its own. */
function withCpk(bench: Workbench): NodeJS.ProcessEnv {
  const bin = join(bench.folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\nexec ${bench.commandLine([])} "$@"\n`;
  writeFileSync(join(bin, 'cpk'), script, { mode: 0o755 });
  return { ...bench.env, PATH: `${bin}:${process.env.PATH}`, HOME: bench.folder };
}

/** Runs a script that may mount what nobody else sees. */
function spawnInMounts({ project: cwd }: Workbench, script: string, env: NodeJS.ProcessEnv) {
  return spawnSync('unshare', ['-m', 'sh', '-c', script], { cwd, env, encoding: 'utf8' });
}

/** `cpk doctor`, at the end of such a script. */
function inMounts(...args: Parameters<typeof spawnInMounts>) {
  const { stdout, stderr, status } = spawnInMounts(...args);
  return read({ code: status, json: JSON.parse(stdout), stderr });
}
