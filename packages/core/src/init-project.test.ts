import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type InitOptions, initProject } from './init-project.ts';
import { openDatabaseFile, openProject } from './open-project.ts';
import { findProjectFolder } from './project-folder.ts';
import { databaseFileOf, findProject, listProjects } from './registry/projects.ts';
import { writeLegacyDatabase } from './testing/legacy-databases.ts';
import { refusal } from './testing/refusal.ts';
import { runInit } from './testing/run-init.ts';
import { type TemporaryFolder, temporaryFolder } from './testing/temporary-folder.ts';

describe('a new folder', () => {
  test('gets config, database and .gitignore, all for its owner only, and is registered', () => {
    using place = temporaryFolder();
    const { project, created, messages } = init(place);
    expect(created).toBe(true);
    expect(messages).toHaveLength(1);
    expect(project).toMatchObject({
      name: 'project',
      path: place.folder,
      hosted: false,
      available: true,
    });
    expect(JSON.parse(read(place, 'config.json'))).toEqual({
      project_id: project.id,
      name: 'project',
    });
    expect(read(place, '.gitignore').split('\n')).toContain('*.db');
    expect(modes(place)).toEqual({
      '.': 0o700,
      '.gitignore': 0o600,
      'config.json': 0o600,
      'data.db': 0o600,
    });
    expect(statSync(join(place.data_dir, 'projects', project.id)).mode & 0o777).toBe(0o700);
    expect(listProjects(place.data_dir)).toEqual([project]);
    using board = openDatabaseFile(databaseFileOf(project, place.data_dir));
    expect(board.info()).toMatchObject({
      id: project.id,
      name: 'project',
      created_at: project.created_at,
    });
    const [event, ...others] = board.events.list().items;
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      action: 'project_created',
      agent: 'human',
      detail: { name: [null, 'project'] },
    });
  });

  test('a second time nothing is changed, and it says so', () => {
    using place = temporaryFolder();
    const first = init(place, { name: 'Mine' });
    const before = snapshot(place);
    const second = init(place, { name: 'Other', prd: { title: 'PRD', body: 'x' } });
    expect(second).toMatchObject({ project: first.project, created: false });
    expect(second.messages.join(' ')).toContain('it was not changed');
    expect(second.messages.join(' ')).toContain('name is still Mine');
    expect(second.messages.join(' ')).toContain('PRD was not stored');
    expect(snapshot(place)).toEqual(before);
  });

  test('what git must not see, git does not see', () => {
    using place = temporaryFolder();
    init(place);
    const file = join(place.folder, '.codepakt', 'data.db');
    for (const suffix of ['-wal', '-shm', '.legacy-20260101T000000000Z.bak', '.new-1']) {
      writeFileSync(file + suffix, '');
    }
    writeFileSync(join(place.folder, '.codepakt', 'AGENTS.md'), '');
    execFileSync('git', ['init', '--quiet'], { cwd: place.folder });
    const untracked = execFileSync('git', ['ls-files', '--others', '--exclude-standard'], {
      cwd: place.folder,
    });
    expect(untracked.toString().trim().split('\n')).toEqual([
      '.codepakt/.gitignore',
      '.codepakt/AGENTS.md',
    ]);
  });

  test('a PRD is stored, with a guide how to make a board of it', () => {
    using place = temporaryFolder();
    const { project } = init(place, { prd: { title: 'PRD', body: '# Aim' } });
    using board = openDatabaseFile(databaseFileOf(project, place.data_dir));
    const { items } = board.docs.list({ bodies: true });
    expect(items[0]).toMatchObject({
      id: 'D-001',
      type: 'reference',
      title: 'PRD',
      body: '# Aim',
      tags: ['prd', 'requirements'],
      author: 'human',
    });
    expect(items[1]).toMatchObject({ id: 'D-002', type: 'reference', tags: ['guide', 'setup'] });
    expect(items[1]?.body).toContain('cpk task add --batch');
  });

  test('a name or PRD that is too long is refused before anything is made', () => {
    using place = temporaryFolder();
    for (const options of [
      { name: 'x'.repeat(101) },
      { name: ' ' },
      { prd: { title: 'PRD', body: 'x'.repeat(1_048_577) } },
    ]) {
      expect(refusal(() => init(place, options)).code).toBe('invalid_input');
    }
    expect(existsSync(place.data_dir)).toBe(false);
    expect(readdirSync(place.folder)).toEqual([]);
  });

  test('hosted, the database lies in the data directory', () => {
    using place = temporaryFolder();
    const { project } = init(place, { hosted: true });
    expect(project).toMatchObject({ hosted: true, available: true });
    expect(readdirSync(join(place.folder, '.codepakt')).sort()).toEqual([
      '.gitignore',
      'config.json',
    ]);
    expect(databaseFileOf(project, place.data_dir)).toBe(
      join(place.data_dir, 'projects', project.id, 'data.db'),
    );
    expect(existsSync(databaseFileOf(project, place.data_dir))).toBe(true);
    expect(init(place)).toMatchObject({ created: false, project });
  });

  test('is found from below, and the data directory in the home folder is no project', () => {
    using place = temporaryFolder();
    const below = join(place.folder, 'a', 'b');
    mkdirSync(below, { recursive: true });
    expect(findProjectFolder(below, place.data_dir)).toBeUndefined();
    init(place);
    expect(findProjectFolder(below, place.data_dir)).toBe(place.folder);
    const home = place.beside('home');
    mkdirSync(join(home, '.codepakt'), { recursive: true });
    writeFileSync(join(home, '.codepakt', 'config.json'), '{}');
    expect(findProjectFolder(home, join(home, '.codepakt'))).toBeUndefined();
    const error = refusal(() => initProject(home, { data_dir: join(home, '.codepakt') }));
    expect(error.code).toBe('wrong_usage');
  });
});

test('a folder in a project becomes one of its own, and is told of the board above', () => {
  using place = temporaryFolder();
  const told = ({ messages }: { messages: string[] }) => messages.join(' ');
  expect(told(init(place))).not.toContain('has a board too');
  const below = join(place.folder, 'packages', 'a');
  mkdirSync(below, { recursive: true });
  const { data_dir } = place;
  const nested = initProject(below, { data_dir });
  expect(nested).toMatchObject({ created: true, project: { path: below } });
  expect(told(nested)).toContain(`${place.folder} has a board too`);
  expect(told(initProject(below, { data_dir }))).not.toContain('has a board too');
});

describe('a folder that has been somewhere', () => {
  test('whose config came without the database gets a new board under the same id', () => {
    using place = temporaryFolder();
    const first = init(place);
    rmSync(join(place.folder, '.codepakt', 'data.db'));
    const second = init(place);
    expect(second).toMatchObject({ created: true, project: { id: first.project.id } });
  });

  test('whose database came without the config gets its config back', () => {
    using place = temporaryFolder();
    const { project } = init(place, { name: 'Mine' });
    rmSync(join(place.folder, '.codepakt', 'config.json'));
    rmSync(join(place.data_dir, 'projects'), { recursive: true });
    const second = init(place);
    expect(second).toMatchObject({ created: false, project });
    expect(second.messages[0]).toContain('registered');
    expect(JSON.parse(read(place, 'config.json'))).toEqual({
      project_id: project.id,
      name: 'Mine',
    });
  });

  test('that was moved is registered at its new place, with its board', () => {
    using place = temporaryFolder();
    const { project } = init(place);
    const moved = place.beside('moved');
    renameSync(place.folder, moved);
    const second = initProject(moved, { data_dir: place.data_dir });
    expect(second).toMatchObject({ created: false, project: { id: project.id, path: moved } });
    expect(second.messages[0]).toContain(`It was in ${place.folder}`);
    expect(listProjects(place.data_dir)).toEqual([second.project]);
  });

  test('that was copied becomes a project of its own, with the tasks it had', () => {
    using place = temporaryFolder();
    const { project } = init(place);
    using original = openDatabaseFile(databaseFileOf(project, place.data_dir));
    original.tasks.create({ title: 'before' });
    original.checkpoint();
    const copy = place.beside('copy');
    cpSync(place.folder, copy, { recursive: true });
    const second = initProject(copy, { data_dir: place.data_dir });
    expect(second.created).toBe(false);
    expect(second.project.id).not.toBe(project.id);
    expect(second.messages[0]).toContain('copy of');
    original.tasks.create({ title: 'after' });
    using copied = openDatabaseFile(databaseFileOf(second.project, place.data_dir));
    expect(copied.id).toBe(second.project.id);
    expect(copied.tasks.list().items.map(({ title }) => title)).toEqual(['before']);
    expect(findProject(place.data_dir, project.id)).toEqual(project);
    expect(listProjects(place.data_dir)).toHaveLength(2);
    expect(initProject(copy, { data_dir: place.data_dir }).messages[0]).toContain(
      'it was not changed',
    );
  });

  test('that was cloned beside the original, with its config only, gets an id of its own', () => {
    using place = temporaryFolder();
    for (const hosted of [false, true]) {
      const original = place.beside(`original-${hosted}`);
      mkdirSync(original);
      const { project } = initProject(original, { data_dir: place.data_dir, hosted });
      const clone = place.beside(`clone-${hosted}`);
      mkdirSync(join(clone, '.codepakt'), { recursive: true });
      cpSync(join(original, '.codepakt', 'config.json'), join(clone, '.codepakt', 'config.json'));
      const second = initProject(clone, { data_dir: place.data_dir });
      expect(second).toMatchObject({
        created: true,
        project: { path: clone, hosted, available: true },
      });
      expect(second.project.id).not.toBe(project.id);
      expect(findProject(place.data_dir, project.id)).toEqual(project);
    }
  });

  test('that is a git worktree has the board of the main checkout', () => {
    using place = temporaryFolder();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: place.folder,
      });
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'x');
    const worktree = place.beside('worktree');
    git('worktree', 'add', '--quiet', worktree);
    const first = initProject(worktree, { data_dir: place.data_dir });
    expect(first).toMatchObject({ created: true, project: { path: place.folder } });
    expect(first.messages[0]).toContain('git worktree');
    mkdirSync(join(worktree, 'below'));
    expect(findProjectFolder(join(worktree, 'below'), place.data_dir)).toBe(place.folder);
    expect(initProject(worktree, { data_dir: place.data_dir }).created).toBe(false);
    expect(existsSync(join(worktree, '.codepakt'))).toBe(false);
    // As if somebody had committed it.
    cpSync(join(place.folder, '.codepakt'), join(worktree, '.codepakt'), { recursive: true });
    expect(findProjectFolder(worktree, place.data_dir)).toBe(place.folder);
    expect(initProject(worktree, { data_dir: place.data_dir })).toMatchObject({
      created: false,
      project: first.project,
    });
  });

  test('keeps what stands in its config and .gitignore', () => {
    using place = temporaryFolder();
    mkdirSync(join(place.folder, '.codepakt'));
    writeFileSync(
      join(place.folder, '.codepakt', 'config.json'),
      '{"url":"http://localhost:5000"}',
    );
    writeFileSync(join(place.folder, '.codepakt', '.gitignore'), 'mine\n*.db');
    const { project } = init(place);
    expect(JSON.parse(read(place, 'config.json'))).toEqual({
      url: 'http://localhost:5000',
      project_id: project.id,
      name: 'project',
    });
    expect(read(place, '.gitignore')).toBe('mine\n*.db\nconfig.json*\n*.db-*\n*.db.*\n');
  });

  test('a folder that came with a clone is for its owner only from then on', () => {
    using place = temporaryFolder();
    const own = join(place.folder, '.codepakt');
    mkdirSync(own);
    chmodSync(own, 0o755);
    writeFileSync(join(own, 'AGENTS.md'), '');
    init(place);
    expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  test('where 0.1 let git ignore all, what is written for agents can be committed', () => {
    using place = temporaryFolder();
    mkdirSync(join(place.folder, '.codepakt'));
    writeFileSync(join(place.folder, '.codepakt', '.gitignore'), '*\n');
    init(place);
    expect(read(place, '.gitignore')).toBe('*\n!AGENTS.md\n!CLAUDE.md\n');
  });
});

describe('what is in the way is refused and left as it was', () => {
  const spoilers: [string, (place: TemporaryFolder) => void, string][] = [
    [
      'a database of another program',
      (place) => sql(place, 'CREATE TABLE notes (x)'),
      'database_foreign',
    ],
    [
      'a file that is no database',
      (place) => put(place, 'data.db', 'hello '.repeat(1_000)),
      'database_foreign',
    ],
    [
      'a database of a newer version',
      (place) => {
        init(place);
        sql(place, "INSERT INTO schema_version VALUES (99, '2030-01-01')");
      },
      'database_newer',
    ],
    [
      'a database with code that is not ours',
      (place) => {
        init(place);
        sql(place, 'CREATE TRIGGER t AFTER INSERT ON tasks BEGIN DELETE FROM docs; END');
      },
      'database_foreign',
    ],
    [
      'a database with other code under the name of ours',
      (place) => {
        init(place);
        sql(
          place,
          `DROP TRIGGER events_keep;
          CREATE TRIGGER events_keep AFTER INSERT ON tasks BEGIN DELETE FROM docs; END`,
        );
      },
      'database_foreign',
    ],
    [
      'a damaged database',
      (place) => {
        init(place);
        put(
          place,
          'data.db',
          readFileSync(join(place.folder, '.codepakt', 'data.db')).fill(0x5a, 4_096),
        );
      },
      'database_damaged',
    ],
    ['a config that is no JSON', (place) => put(place, 'config.json', '{'), 'invalid_input'],
    ['a config that is no object', (place) => put(place, 'config.json', '[]'), 'invalid_input'],
    [
      'a file named .codepakt',
      (place) => writeFileSync(join(place.folder, '.codepakt'), ''),
      'wrong_usage',
    ],
    [
      'a link named .codepakt',
      (place) => {
        mkdirSync(place.beside('elsewhere'));
        symlinkSync(place.beside('elsewhere'), join(place.folder, '.codepakt'));
      },
      'wrong_usage',
    ],
    [
      'a link named data.db',
      (place) => {
        mkdirSync(join(place.folder, '.codepakt'));
        symlinkSync(place.beside('elsewhere.db'), join(place.folder, '.codepakt', 'data.db'));
      },
      'wrong_usage',
    ],
  ];
  test.each(spoilers)('%s', (_, spoil, code) => {
    using place = temporaryFolder();
    spoil(place);
    const before = snapshot(place);
    const error = refusal(() => init(place));
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe('');
    expect(snapshot(place)).toEqual(before);
    expect(
      existsSync(place.beside('elsewhere')) ? readdirSync(place.beside('elsewhere')) : [],
    ).toEqual([]);
  });

  test('a folder that is not there, or is a file', () => {
    using place = temporaryFolder();
    writeFileSync(place.beside('file'), '');
    const options = { data_dir: place.data_dir };
    expect(refusal(() => initProject(place.beside('nowhere'), options)).code).toBe(
      'file_not_found',
    );
    expect(refusal(() => initProject(place.beside('file'), options)).code).toBe('wrong_usage');
  });
});

// Root never sees a read-only folder, so these run as somebody else.
describe('a folder that may not be written to', { timeout: 20_000 }, () => {
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;

  test('is refused, and nothing half-made is left', async () => {
    using place = temporaryFolder();
    openToAll(place, uid);
    mkdirSync(place.data_dir, { mode: 0o777 });
    chmodSync(place.data_dir, 0o777);
    chmodSync(place.folder, 0o555);
    const outcome = await runInit(place.folder, place.data_dir, uid === undefined ? {} : { uid });
    expect(outcome).toMatchObject({ error: 'read_only' });
    expect(readdirSync(place.folder)).toEqual([]);
    expect(readdirSync(join(place.data_dir, 'projects'))).toEqual([]);
  });

  test('nor is anything made when the data directory may not', async () => {
    using place = temporaryFolder();
    openToAll(place, uid);
    mkdirSync(place.data_dir, { mode: 0o555 });
    const outcome = await runInit(place.folder, place.data_dir, uid === undefined ? {} : { uid });
    expect(outcome).toMatchObject({ error: 'read_only' });
    expect(readdirSync(place.folder)).toEqual([]);
  });
});

describe('a disk that is full', { timeout: 20_000 }, () => {
  test.each([0, 16, 64])(
    'after %i KiB: refused, nothing half-made is left, and later it works',
    async (max_file_kib) => {
      using place = temporaryFolder();
      const outcome = await runInit(place.folder, place.data_dir, { max_file_kib });
      expect(outcome).toMatchObject({ error: 'disk_full' });
      expect(readdirSync(place.folder)).toEqual([]);
      expect(listProjects(place.data_dir)).toEqual([]);
      expect(init(place).created).toBe(true);
    },
  );

  test('leaves an old board as it is', async () => {
    using place = temporaryFolder();
    const file = join(place.folder, '.codepakt', 'data.db');
    mkdirSync(join(place.folder, '.codepakt'));
    writeLegacyDatabase(file, 'v2');
    const outcome = await runInit(place.folder, place.data_dir, { max_file_kib: 150 });
    expect(outcome).toMatchObject({ error: 'disk_full' });
    expect(
      readdirSync(join(place.folder, '.codepakt')).filter((name) => !name.endsWith('.bak')),
    ).toEqual(['data.db']);
    expect(refusal(() => openDatabaseFile(file)).code).toBe('database_legacy');
    expect(init(place).carried_over?.tasks).toBe(15);
  });
});

describe('several processes', { timeout: 60_000 }, () => {
  test('at once make one project', async () => {
    using place = temporaryFolder();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => runInit(place.folder, place.data_dir)),
    );
    expect(outcomes.filter((outcome) => outcome === undefined || 'error' in outcome)).toEqual([]);
    const projects = outcomes.map((outcome) => (outcome as ReturnType<typeof init>).project);
    expect(new Set(projects.map(({ id }) => id)).size).toBe(1);
    expect(
      outcomes.filter(
        (outcome) => outcome !== undefined && 'created' in outcome && outcome.created,
      ),
    ).toHaveLength(1);
    expect(readdirSync(join(place.data_dir, 'projects'))).toHaveLength(1);
    expect(readdirSync(join(place.folder, '.codepakt')).sort()).toEqual([
      '.gitignore',
      'config.json',
      'data.db',
    ]);
    using board = openProject(place.folder);
    expect(board.docs.list().items).toHaveLength(2);
  });

  test('killed at any moment leave nothing that the next does not complete', async () => {
    using place = temporaryFolder();
    for (const die of [
      { die_at: 1 },
      { die_at: 2 },
      { die_at: 3 },
      { die_after: 60 },
      { die_after: 120 },
      { die_after: 150 },
    ]) {
      await runInit(place.folder, place.data_dir, die);
      const file = join(place.folder, '.codepakt', 'data.db');
      if (existsSync(file)) openDatabaseFile(file).close();
    }
    const left = readdirSync(join(place.folder, '.codepakt')).filter((name) =>
      name.includes('.new-'),
    );
    expect(left.length).toBeGreaterThan(0);
    for (const name of left) utimesSync(join(place.folder, '.codepakt', name), 0, 0);
    rmSync(join(place.folder, '.codepakt', 'data.db'), { force: true });
    init(place);
    expect(readdirSync(join(place.folder, '.codepakt')).sort()).toEqual([
      '.gitignore',
      'config.json',
      'data.db',
    ]);
    using board = openProject(place.folder);
    expect(board.events.list({ action: ['project_created'] }).items).toHaveLength(1);
    expect(listProjects(place.data_dir)).toHaveLength(1);
  });
});

function init(place: TemporaryFolder, options: InitOptions = {}) {
  return initProject(place.folder, { data_dir: place.data_dir, ...options });
}

function read(place: TemporaryFolder, name: string): string {
  return readFileSync(join(place.folder, '.codepakt', name), 'utf8');
}

function put(place: TemporaryFolder, name: string, content: string | Buffer): void {
  mkdirSync(join(place.folder, '.codepakt'), { recursive: true });
  writeFileSync(join(place.folder, '.codepakt', name), content);
}

function sql(place: TemporaryFolder, text: string): void {
  mkdirSync(join(place.folder, '.codepakt'), { recursive: true });
  const sqlite = new Sqlite(join(place.folder, '.codepakt', 'data.db'));
  sqlite.exec(text);
  sqlite.close();
}

function modes(place: TemporaryFolder): Record<string, number> {
  const folder = join(place.folder, '.codepakt');
  const names = ['.', ...readdirSync(folder).sort()];
  return Object.fromEntries(names.map((name) => [name, statSync(join(folder, name)).mode & 0o777]));
}

/** Every file of the project and the data directory, with its content. */
function snapshot(place: TemporaryFolder): Record<string, string> {
  const files: Record<string, string> = {};
  for (const root of [place.folder, place.data_dir]) {
    if (!existsSync(root)) continue;
    for (const item of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(item.parentPath, item.name);
      files[path] = item.isFile() ? readFileSync(path).toString('base64') : 'not a file';
    }
  }
  return files;
}

function openToAll(place: TemporaryFolder, uid: number | undefined): void {
  if (uid === undefined) return;
  chmodSync(place.beside(''), 0o777);
  chmodSync(place.folder, 0o777);
}
