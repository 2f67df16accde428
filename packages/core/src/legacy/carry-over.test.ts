import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError, check, Task, type TaskDetail } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { examineDatabase } from '../doctor/examine-database.ts';
import { replayTasks, toReplayed } from '../events/replay.ts';
import { type InitResult, initProject } from '../init-project.ts';
import { openDatabaseFile } from '../open-project.ts';
import type { Project } from '../project.ts';
import {
  LEGACY_VERSIONS,
  type LegacyContent,
  type LegacyVersion,
  sampleBoard,
  writeLegacyDatabase,
} from '../testing/legacy-databases.ts';
import { refusal } from '../testing/refusal.ts';
import { runInit } from '../testing/run-init.ts';
import { type TemporaryFolder, temporaryFolder } from '../testing/temporary-folder.ts';

describe.each(LEGACY_VERSIONS)('a board of version %s', (version) => {
  test('comes along with every task, note, agent, event and doc, and its old file is kept', () => {
    using place = temporaryFolder();
    const { result, board } = carriedOver(place, version);
    using project = board;
    expect(result).toMatchObject({
      created: true,
      carried_over: {
        layout: version,
        tasks: 15,
        notes: 5,
        agents: 3,
        events: 9,
        docs: 2,
        dropped_dependencies: 4,
        renumbered_tasks: 1,
      },
    });
    expect(project.tasks.list({ all: true, limit: 500 }).items).toHaveLength(15);
    for (const task of everyTask(project)) check(Task, task);
    const backup = new Sqlite(result.carried_over?.backup ?? '', { readonly: true });
    expect(backup.prepare('SELECT count(*) FROM tasks').pluck().get()).toBe(15);
    expect(backup.prepare('SELECT * FROM events').all()).toHaveLength(9);
    backup.close();
    expect(statSync(result.carried_over?.backup ?? '').mode & 0o777).toBe(0o600);
  });

  test('is whole, as it came and after it was worked on', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, version).board;
    const examine = () => {
      const found = examineDatabase(project.file).filter(({ check }) => check === 'database');
      expect(found).toMatchObject([{ level: 'ok' }]);
    };
    examine();
    for (const { id } of project.tasks.list({ all: true, limit: 500 }).items) {
      project.tasks.update(id ?? '', { title: `${id} now`, epic: 'new', status: 'blocked' });
      project.tasks.note(id ?? '', { body: 'a note', agent: 'ada' });
    }
    project.tasks.create({ title: 'a new one', depends_on: ['T-001'] });
    project.docs.update('D-001', { body: 'another text' });
    project.update({ name: 'renamed', settings: { lease_seconds: 60 } });
    examine();
  });
});

describe('a board that was carried over', () => {
  test('a task keeps its fields, its UUID, its notes and its times', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v3-tags').board;
    const task = project.tasks.get('T-001');
    expect(task).toMatchObject({
      id: 'T-001',
      legacy_id: '7a5c0000-0000-4000-8000-000000000001',
      status: 'done',
      priority: 'P0',
      assignee: 'codex',
      completed_by: 'claude',
      reviewed_by: null,
      epic: 'Foundation',
      description: 'Ünïcode 😀\nand "quotes"',
      tags: ['web', 'ui'],
      capabilities: ['typescript'],
      acceptance_criteria: ['It runs', 'It is "quick"'],
      context_refs: ['D-001', 'README.md'],
      context: [{ id: 'D-001', title: 'PRD' }],
      claim: 1,
      version: 1,
      created_at: '2026-03-22T17:03:55.000Z',
      updated_at: '2026-03-24T18:15:01.000Z',
      started_at: '2026-03-22T17:05:51.000Z',
      completed_at: '2026-03-22T17:09:32.000Z',
      notes: [
        { agent: null, body: 'first note', created_at: '2026-03-24T18:15:01.000Z' },
        { agent: null, body: 'second note', created_at: '2026-03-24T18:15:01.000Z' },
      ],
    });
    expect(project.tasks.get('7a5c0000-0000-4000-8000-000000000001')).toEqual(task);
  });

  test('every task stands where our rules put it', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v2').board;
    const places = everyTask(project).map(({ id, status, hold, depends_on, waits_for }) =>
      [id, status, hold ? 'held' : '', depends_on.join(' '), waits_for.join(' ')].join('|'),
    );
    expect(places).toEqual([
      'T-001|done|||',
      'T-002|review||T-001|',
      'T-003|in-progress||T-001 T-002|',
      'T-004|blocked||T-003|T-003',
      'T-005|backlog||T-003|T-003',
      'T-006|open||T-001|',
      'T-007|backlog|held||',
      'T-008|backlog||T-003|T-003',
      'T-009|backlog|held|T-001|',
      'T-010|backlog||T-012|T-012',
      'T-011|backlog|held||',
      'T-012|backlog||T-011|T-011',
      'T-013|open|||',
      'T-1000|backlog||T-1001|T-1001',
      'T-1001|backlog|held||',
    ]);
    expect(project.tasks.get('T-003')).toMatchObject({ claim: 1, lease_expires_at: null });
    expect(project.tasks.get('T-004').blocker_reason).toBe('no access');
  });

  test('what it could not keep stands in board_imported, with the state of every task', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v1').board;
    const [event] = project.events.list({ action: ['board_imported'] }).items;
    expect(event?.detail).toMatchObject({
      from: { version: 1, layout: 'v1' },
      project_ids: ['0a1b2c3d-0000-4000-8000-000000000001', '0a1b2c3d-0000-4000-8000-000000000002'],
      renumbered: [
        { was: 'T-001', project_id: '0a1b2c3d-0000-4000-8000-000000000002', is: 'T-1001' },
      ],
    });
    expect(event?.detail.dropped_dependencies).toEqual([
      { task: 'T-009', depends_on: 'T-099', reason: 'unknown' },
      { task: 'T-1001', depends_on: 'T-007', reason: 'unknown' },
      { task: 'T-009', depends_on: 'T-009', reason: 'circle' },
      { task: 'T-011', depends_on: 'T-010', reason: 'circle' },
    ]);
    expect(event?.detail.legacy_agents).toHaveLength(4);
    expect(event?.detail.tasks).toHaveLength(15);
    expect(replayed(project)).toEqual(everyTask(project).map(toReplayed));
  });

  test('texts that are longer than ours may be, or no lists at all, are kept', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v2').board;
    const task = project.tasks.get('T-013');
    expect(task.title).toHaveLength(300);
    expect(task.description).toHaveLength(30_000);
    expect(task.assignee).toHaveLength(150);
    expect(task.verify).toHaveLength(3_000);
    expect(task.capabilities).toEqual(['no json']);
    expect(task.acceptance_criteria).toEqual(['one']);
    expect(task.notes.map(({ body }) => body)).toEqual(['{"note":"an object"}', '42', 'plain']);
    expect(project.docs.get('D-002').title).toHaveLength(250);
    expect(project.agents.list().map(({ name }) => name.length)).toContain(120);
  });

  test('the old log keeps its order, its times and its words', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v2').board;
    const events = project.events.after(0, {}, 100);
    expect(events.map(({ action, task_id, agent }) => [action, task_id, agent])).toEqual([
      ['task_created', 'T-001', null],
      ['task_pickup', 'T-001', 'codex'],
      ['task_complete', 'T-001', 'claude'],
      ['deps_met', 'T-002', null],
      ['task_approved', 'T-001', null],
      ['task_pickup', 'T-003', 'codex'],
      ['task_complete', 'T-002', 'claude'],
      ['task_teleported', null, 'codex'],
      ['project_touched', null, null],
      ['project_created', null, 'human'],
      ['board_imported', null, 'human'],
    ]);
    expect(events[2]?.detail).toEqual({ notes: 'first note' });
    expect(events[5]?.detail).toEqual({});
    expect(events[6]?.detail).toEqual({ legacy_detail: 'no json' });
    expect(events[7]?.detail).toEqual({
      legacy_detail: [1, 2],
      legacy_task_id: '9a9e0000-0000-4000-8000-000000000001',
    });
    expect(events[0]?.created_at).toBe('2026-03-22T17:01:00.000Z');
  });

  test('agents are known by name, seen when they were seen last; docs are found', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v2').board;
    const agents = Object.fromEntries(project.agents.list().map((agent) => [agent.name, agent]));
    expect(agents.codex).toMatchObject({
      status: 'working',
      last_seen: '2026-03-22T19:39:12.000Z',
    });
    expect(agents.claude).toMatchObject({ status: 'idle', last_seen: '2026-03-23T08:00:00.000Z' });
    expect(project.docs.search({ q: 'why' }).items[0]?.id).toBe('D-001');
    expect(project.docs.get('d0c50000-0000-4000-8000-000000000001')).toMatchObject({
      title: 'PRD',
      tags: ['prd', 'requirements'],
      author: 'human',
      updated_at: '2026-03-22T17:00:18.000Z',
    });
  });

  test('work goes on: the holder finishes, what waited opens, numbers follow on', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v2').board;
    expect(project.tasks.done('T-003', { agent: 'codex' }).opened).toEqual(['T-005', 'T-008']);
    expect(project.tasks.create({ title: 'next' }).id).toBe('T-1002');
    expect(project.docs.create({ type: 'learning', title: 'x', body: '' }).id).toBe('D-003');
    expect(() => project.tasks.approve('T-002', { agent: 'claude' })).toThrow(CodepaktError);
    expect(project.tasks.approve('T-002', { agent: 'codex' }).status).toBe('done');
    expect(replayed(project)).toEqual(everyTask(project).map(toReplayed));
  });

  test('the old log can be read, not undone; burn-up and times count what it tells', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v2').board;
    for (const event of project.events.after(0, {}, 100)) {
      expect(refusal(() => project.events.undo(event.id)).code).toBe('undo_refused');
    }
    const { days, cycle_time, review_time } = project.board.metrics();
    expect(days.at(-1)).toMatchObject({ created: 15, completed: 2, cancelled: 0 });
    expect(cycle_time).toEqual({ count: 1, p50: 60, p90: 60 });
    expect(review_time).toEqual({ count: 1, p50: 120, p90: 120 });
  });

  test('it can be exported and imported like any other', () => {
    using place = temporaryFolder();
    using project = carriedOver(place, 'v3-code').board;
    const exported = [...project.board.export()];
    const file = initProject(place.beside(''), { data_dir: place.data_dir });
    using copy = openDatabaseFile(join(file.project.path, '.codepakt', 'data.db'));
    copy.board.import(exported);
    expect([...copy.board.export()]).toEqual(exported);
  });

  test('its project keeps the id of its config and the name of the old registry', () => {
    using place = temporaryFolder();
    const id = '0a1b2c3d-0000-4000-8000-000000000001';
    mkdirSync(join(place.folder, '.codepakt'));
    writeFileSync(
      join(place.folder, '.codepakt', 'config.json'),
      JSON.stringify({ url: 'http://localhost:41920', project_id: id }),
    );
    mkdirSync(place.data_dir);
    writeFileSync(
      join(place.data_dir, 'index.json'),
      JSON.stringify({ version: 1, projects: [{ id, name: 'Shop', path: place.folder }] }),
    );
    const { result, board } = carriedOver(place, 'v2');
    board.close();
    expect(result.project).toMatchObject({ id, name: 'Shop' });
    expect(
      JSON.parse(readFileSync(join(place.folder, '.codepakt', 'config.json'), 'utf8')),
    ).toEqual({
      url: 'http://localhost:41920',
      project_id: id,
    });
  });
});

test('a board that the old version hosted in the data directory is carried over there', () => {
  using place = temporaryFolder();
  const id = '0a1b2c3d-0000-4000-8000-000000000001';
  const file = join(place.data_dir, 'projects', id, 'data.db');
  mkdirSync(join(place.data_dir, 'projects', id), { recursive: true });
  writeLegacyDatabase(file, 'v3-tags');
  mkdirSync(join(place.folder, '.codepakt'));
  writeFileSync(join(place.folder, '.codepakt', 'config.json'), JSON.stringify({ project_id: id }));
  const { project, carried_over } = initProject(place.folder, { data_dir: place.data_dir });
  expect(project).toMatchObject({ id, hosted: true, available: true });
  expect(carried_over?.tasks).toBe(15);
  using board = openDatabaseFile(file);
  expect(board.tasks.get('T-001').tags).toEqual(['web', 'ui']);
});

describe('what else may lie there', () => {
  test('a database without tables: said so, kept, and a new board started', () => {
    using place = temporaryFolder();
    const file = oldFile(place);
    const sqlite = new Sqlite(file);
    sqlite.pragma('journal_mode = WAL');
    sqlite.exec('CREATE TABLE t (x); DROP TABLE t; VACUUM');
    sqlite.close();
    expect(statSync(file).size).toBe(4_096);
    const result = initProject(place.folder, { data_dir: place.data_dir });
    expect(result.created).toBe(true);
    expect(result.messages[0]).toContain('without tables');
    expect(statSync(result.carried_over?.backup ?? '').size).toBe(4_096);
    using project = openDatabaseFile(file);
    expect(project.events.list().items.map(({ action }) => action)).toEqual(['project_created']);
  });

  test('a file of no bytes is taken as an empty database', () => {
    using place = temporaryFolder();
    writeFileSync(oldFile(place), '');
    expect(initProject(place.folder, { data_dir: place.data_dir }).created).toBe(true);
  });

  test('an old board whose last writes are still in its WAL comes along whole', () => {
    using place = temporaryFolder();
    using other = temporaryFolder();
    const source = join(other.folder, 'data.db');
    writeLegacyDatabase(source, 'v2');
    const writer = new Sqlite(source);
    writer.pragma('wal_autocheckpoint = 0');
    writer.exec("UPDATE tasks SET title = 'only in the WAL' WHERE task_number = 'T-002'");
    const file = oldFile(place);
    for (const suffix of ['', '-wal']) writeFileSync(file + suffix, readFileSync(source + suffix));
    writer.close();
    initProject(place.folder, { data_dir: place.data_dir });
    using project = openDatabaseFile(file);
    expect(project.tasks.get('T-002').title).toBe('only in the WAL');
  });

  test('an old server that still has it open stops it, and nothing is changed', () => {
    using place = temporaryFolder();
    const file = oldFile(place);
    writeLegacyDatabase(file, 'v2');
    const server = new Sqlite(file);
    expect(server.prepare('SELECT count(*) FROM tasks').pluck().get()).toBe(15);
    const error = refusal(() => initProject(place.folder, { data_dir: place.data_dir }));
    expect(error).toMatchObject({ code: 'busy' });
    expect(error.hint).toContain('server of the old codepakt');
    server.exec("UPDATE tasks SET title = 'written meanwhile' WHERE task_number = 'T-001'");
    server.close();
    expect(readdirSync(join(place.folder, '.codepakt'))).toEqual(['data.db']);
    initProject(place.folder, { data_dir: place.data_dir });
    using project = openDatabaseFile(file);
    expect(project.tasks.get('T-001').title).toBe('written meanwhile');
  });

  test('a damaged old board is refused, and nothing is changed', () => {
    using place = temporaryFolder();
    const file = oldFile(place);
    writeLegacyDatabase(file, 'v2');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 8_192, 12_288);
    writeFileSync(file, bytes);
    const error = refusal(() => initProject(place.folder, { data_dir: place.data_dir }));
    expect(error.code).toBe('database_damaged');
    expect(readdirSync(join(place.folder, '.codepakt'))).toEqual(['data.db']);
  });

  test('every other operation says that init is needed', () => {
    using place = temporaryFolder();
    const file = oldFile(place);
    writeLegacyDatabase(file, 'v1');
    const error = refusal(() => openDatabaseFile(file));
    expect(error).toMatchObject({
      code: 'database_legacy',
      hint: expect.stringContaining('cpk init'),
    });
  });

  test('a chain of 10,000 old tasks is no matter, nor is a circle of them', () => {
    using place = temporaryFolder();
    const { tasks } = sampleBoard('v2');
    const number = (n: number) => `T-${String(n).padStart(3, '0')}`;
    const chain: LegacyContent = {
      tasks: Array.from({ length: 10_000 }, (_, n) => ({
        ...tasks[6],
        id: `task-${n}`,
        task_number: number(n + 1),
        depends_on: JSON.stringify([number(n === 9_999 ? 1 : n + 2)]),
        deps_met: 0,
      })),
      agents: [],
      events: [],
      docs: [],
    };
    writeLegacyDatabase(oldFile(place), 'v2', chain);
    const { carried_over } = initProject(place.folder, { data_dir: place.data_dir });
    expect(carried_over).toMatchObject({ tasks: 10_000, dropped_dependencies: 1 });
  }, 30_000);
});

describe('several processes', { timeout: 60_000 }, () => {
  test('at once carry an old board over once', async () => {
    using place = temporaryFolder();
    const file = oldFile(place);
    writeLegacyDatabase(file, 'v3-tags');
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => runInit(place.folder, place.data_dir)),
    );
    const carried = outcomes.filter(
      (outcome) => outcome !== undefined && 'carried_over' in outcome,
    );
    expect(carried).toHaveLength(1);
    using project = openDatabaseFile(file);
    expect(project.tasks.list({ all: true }).items).toHaveLength(15);
    expect(project.events.list({ action: ['board_imported'] }).items).toHaveLength(1);
  });

  test('killed at any moment leave the old board or the new one, whole', async () => {
    using place = temporaryFolder();
    const file = oldFile(place);
    writeLegacyDatabase(file, 'v2');
    const died: string[] = [];
    for (const die of [
      ...[1, 2, 3, 4, 5, 6].map((die_at) => ({ die_at })),
      ...[60, 90, 120, 150, 180, 210].map((die_after) => ({ die_after })),
    ]) {
      const outcome = await runInit(place.folder, place.data_dir, die);
      if (outcome === undefined) died.push(kindAt(file));
    }
    expect(died).toContain('old');
    initProject(place.folder, { data_dir: place.data_dir });
    using project = openDatabaseFile(file);
    expect(project.tasks.list({ all: true }).items).toHaveLength(15);
    expect(project.events.list({ action: ['board_imported'] }).items).toHaveLength(1);
  });
});

/** Which board lies there; either must be whole. */
function kindAt(file: string): 'old' | 'new' {
  const sqlite = new Sqlite(file);
  try {
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(sqlite.prepare('SELECT count(*) FROM tasks').pluck().get()).toBe(15);
    return sqlite.pragma('application_id', { simple: true }) === 0 ? 'old' : 'new';
  } finally {
    sqlite.close();
  }
}

function oldFile(place: TemporaryFolder): string {
  mkdirSync(join(place.folder, '.codepakt'), { recursive: true });
  return join(place.folder, '.codepakt', 'data.db');
}

function carriedOver(
  place: TemporaryFolder,
  version: LegacyVersion,
): { result: InitResult; board: Project } {
  const file = oldFile(place);
  writeLegacyDatabase(file, version);
  const result = initProject(place.folder, { data_dir: place.data_dir });
  return { result, board: openDatabaseFile(file) };
}

function everyTask({ tasks }: Project): TaskDetail[] {
  const { items } = tasks.list({ all: true, limit: 500, sort: 'id', fields: ['id'] });
  return items.map(({ id }) => tasks.get(id ?? ''));
}

function replayed(project: Project) {
  return [...replayTasks(project.events.after(0, {}, 1_000)).values()];
}
