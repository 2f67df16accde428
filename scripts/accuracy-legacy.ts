// Carries a copy of an old board over and compares it with the original, field by field:
// `pnpm accuracy:legacy FILE`. The old rows are read here by hand, with nothing of core's reading.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CodepaktError } from '../packages/contract/src/index.ts';
import { initProject, openDatabaseFile, type Project } from '../packages/core/src/index.ts';

type Row = Record<string, string | number | null>;

interface Comparison {
  what: string;
  before: number;
  after: number;
  fields: number;
  differences: string[];
}

const [file] = process.argv.slice(2);
if (file === undefined || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
  console.error('Usage: pnpm accuracy:legacy FILE, a data.db of codepakt 0.1 or 0.2');
  process.exit(2);
}
const place = mkdtempSync(join(tmpdir(), 'codepakt-accuracy-'));
try {
  process.exitCode = compareBoards(file, place) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CodepaktError)) throw error;
  // Its message names the copy.
  console.error(`${file} can't be carried over (${error.code}): ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Answers whether everything came along as it was. */
function compareBoards(original: string, folder: string): boolean {
  const copy = join(folder, '.codepakt', 'data.db');
  const reference = join(folder, 'reference.db');
  mkdirSync(join(folder, '.codepakt'));
  for (const suffix of ['', '-wal']) {
    if (!existsSync(original + suffix)) continue;
    copyFileSync(original + suffix, copy + suffix);
    copyFileSync(original + suffix, reference + suffix);
  }
  const result = initProject(folder, { data_dir: join(folder, 'data') });
  console.log(result.messages[0]);
  const backup = result.carried_over?.backup;
  if (backup === undefined) {
    console.error(`${basename(original)} is no database of codepakt 0.1 or 0.2`);
    return false;
  }
  const old = readOld(reference);
  using project = openDatabaseFile(copy);
  const comparisons = [
    compareTasks(old, project),
    compareNotes(old, project),
    compareAgents(old, project),
    compareEvents(old, project),
    compareDocs(old, project),
    compareBackup(old, readOld(backup)),
  ];
  report(comparisons);
  return comparisons.every(({ differences }) => differences.length === 0);
}

function report(comparisons: readonly Comparison[]): void {
  console.table(
    comparisons.map(({ what, before, after, fields, differences }) => ({
      what,
      before,
      after,
      'fields compared': fields,
      differences: differences.length,
    })),
  );
  for (const { what, differences } of comparisons) {
    for (const difference of differences) console.log(`${what}: ${difference}`);
  }
}

interface OldBoard {
  tasks: Row[];
  agents: Row[];
  events: Row[];
  docs: Row[];
}

function readOld(database: string): OldBoard {
  const db = new DatabaseSync(database);
  const tables = new Set(
    db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map(({ name }) => name),
  );
  const all = (table: string) =>
    tables.has(table) ? (db.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all() as Row[]) : [];
  const board = {
    tasks: all('tasks'),
    agents: all('agents'),
    events: all('events'),
    docs: all('docs'),
  };
  db.close();
  return board;
}

/** Compares pairs of values, and counts them. */
function comparing(what: string, before: number, after: number) {
  const differences = before === after ? [] : [`there were ${before}, and there are ${after}`];
  const result: Comparison = { what, before, after, fields: 0, differences };
  const same = (where: string, expected: unknown, found: unknown) => {
    result.fields++;
    const [was, is] = [JSON.stringify(expected), JSON.stringify(found)];
    if (was !== is) differences.push(`${where}: ${was} became ${is}`);
  };
  return { result, same };
}

function compareTasks({ tasks, events, docs }: OldBoard, project: Project): Comparison {
  const { result, same } = comparing('tasks', tasks.length, project.board.status().total);
  const docIds = new Map(
    docs.map(({ id }, index) => [id, `D-${String(index + 1).padStart(3, '0')}`]),
  );
  const admitted = admittedBy(project);
  const numberOf = (row: Row, name: unknown) =>
    admitted.numbers.get(key(row, name)) ?? String(name);
  const statuses = new Map(tasks.map((row) => [key(row, row.task_number), row.status]));
  for (const row of tasks) {
    const task = project.tasks.get(String(row.id));
    const at = (field: string) => `${row.task_number} ${field}`;
    const own = events.filter(({ task_id }) => task_id === row.id);
    const number = numberOf(row, row.task_number);
    const known = list(row.depends_on).filter(
      (on) => statuses.has(key(row, on)) && !admitted.circles.has(`${number} ${on}`),
    );
    const unmet = known.filter((on) => !isResolved(statuses.get(key(row, on))));
    same(at('id'), number, task.id);
    same(at('legacy_id'), row.id, task.legacy_id);
    for (const field of [
      'title',
      'description',
      'priority',
      'assignee',
      'epic',
      'verify',
      'blocker_reason',
    ] as const) {
      same(at(field), row[field] ?? null, task[field]);
    }
    for (const field of ['capabilities', 'acceptance_criteria', 'tags'] as const) {
      same(at(field), list(row[field]), task[field]);
    }
    for (const field of ['created_at', 'updated_at', 'started_at', 'completed_at'] as const) {
      same(at(field), time(row[field]), task[field]);
    }
    const refs = list(row.context_refs).map((ref) => docIds.get(ref) ?? ref);
    same(at('context_refs'), refs, task.context_refs);
    same(at('depends_on'), known.map((on) => numberOf(row, on)).sort(byNumber), task.depends_on);
    same(at('waits_for'), unmet.map((on) => numberOf(row, on)).sort(byNumber), task.waits_for);
    same(at('status'), statusAfter(row, known, unmet), task.status);
    same(at('lease_expires_at'), null, task.lease_expires_at);
    const pickups = own.filter(({ action }) => action === 'task_pickup').length;
    const least = row.status === 'in-progress' ? 1 : 0;
    same(at('claim'), Math.max(pickups, least), task.claim);
    const completed = own.findLast(
      ({ action }) => action === 'task_complete' || action === 'task_done',
    );
    const by = row.status === 'review' || row.status === 'done' ? (completed?.agent ?? null) : null;
    same(at('completed_by'), by, task.completed_by);
    const approved = own.findLast(({ action }) => action === 'task_approved');
    const reviewer = row.status === 'done' ? (approved?.agent ?? null) : null;
    same(at('reviewed_by'), reviewer, task.reviewed_by);
  }
  return result;
}

/** What waited without need is open, what was open without right waits; all else stays. */
function statusAfter(row: Row, known: readonly string[], unmet: readonly string[]): unknown {
  if (row.status === 'open') return unmet.length > 0 ? 'backlog' : 'open';
  const isComplete = known.length === list(row.depends_on).length;
  const waited = row.status === 'backlog' && row.deps_met === 0;
  return waited && isComplete && unmet.length === 0 ? 'open' : row.status;
}

function compareNotes({ tasks }: OldBoard, project: Project): Comparison {
  const before = tasks.flatMap((row) =>
    list(row.notes)
      .filter((body) => body !== '')
      .map((body) => ({ row, body })),
  );
  const after = tasks.flatMap((row) => project.tasks.get(String(row.id)).notes);
  const { result, same } = comparing('notes', before.length, after.length);
  for (const [index, { row, body }] of before.entries()) {
    const where = `${row.task_number} note ${index + 1}`;
    same(where, { agent: null, body, created_at: time(row.updated_at) }, after[index]);
  }
  return result;
}

function compareAgents({ agents }: OldBoard, project: Project): Comparison {
  const seen = new Map<unknown, string | null>();
  for (const { name, last_seen, created_at } of agents) {
    const at = time(last_seen ?? created_at);
    if ((seen.get(name) ?? '') < (at ?? '')) seen.set(name, at);
  }
  const now = new Map(project.agents.list().map((agent) => [agent.name, agent.last_seen]));
  const { result, same } = comparing('agents', seen.size, now.size);
  for (const [name, at] of seen) same(`${name} last_seen`, at, now.get(String(name)));
  return result;
}

function compareEvents({ events, tasks }: OldBoard, project: Project): Comparison {
  const own = ['project_created', 'board_imported'];
  const all = project.events.after(0, {}, 1_000_000);
  const now = all.filter(({ action }, index) => index < events.length || !own.includes(action));
  const { result, same } = comparing('events', events.length, now.length);
  const numbers = new Map(tasks.map(({ id, task_number }) => [id, task_number]));
  for (const [index, row] of events.entries()) {
    const event = now[index];
    const at = (field: string) => `event ${index + 1} ${field}`;
    same(at('id'), index + 1, event?.id);
    same(at('action'), row.action === 'task_done' ? 'task_complete' : row.action, event?.action);
    same(at('agent'), row.agent, event?.agent);
    same(at('task_id'), numbers.get(row.task_id) ?? null, event?.task_id);
    same(at('created_at'), time(row.created_at), event?.created_at);
    same(at('detail'), detailOf(row, numbers.has(row.task_id)), event?.detail);
  }
  return result;
}

function compareDocs({ docs }: OldBoard, project: Project): Comparison {
  const { items } = project.docs.list({ limit: 500 });
  const { result, same } = comparing('docs', docs.length, items.length);
  for (const row of docs) {
    const doc = project.docs.get(String(row.id));
    const at = (field: string) => `${row.title} ${field}`;
    for (const field of ['type', 'title', 'body', 'section', 'author'] as const) {
      same(at(field), row[field] ?? null, doc[field]);
    }
    same(at('tags'), list(row.tags), doc.tags);
    same(at('created_at'), time(row.created_at), doc.created_at);
    same(at('updated_at'), time(row.updated_at), doc.updated_at);
  }
  return result;
}

function compareBackup(before: OldBoard, after: OldBoard): Comparison {
  const rows = (board: OldBoard) => [
    ...board.tasks,
    ...board.agents,
    ...board.events,
    ...board.docs,
  ];
  const [old, kept] = [rows(before), rows(after)];
  const { result, same } = comparing('rows in the backup', old.length, kept.length);
  for (const [index, row] of old.entries()) {
    for (const [field, value] of Object.entries(row)) {
      same(`row ${index + 1} ${field}`, value, kept[index]?.[field]);
    }
  }
  return result;
}

function key(row: Row, number: unknown): string {
  return JSON.stringify([row.project_id, number]);
}

function isResolved(status: unknown): boolean {
  return status === 'review' || status === 'done';
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(2)) - Number(b.slice(2));
}

/** Anything may stand where a list should: what is no list is one entry, what is no text its JSON. */
function list(json: unknown): string[] {
  if (json === undefined || json === null || json === '') return [];
  const parsed = parse(String(json));
  const entries: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json; // no JSON: the text itself is what there is
  }
}

/** What an event tells: an object as it was, anything else under a key of its own. */
function detailOf({ detail, task_id }: Row, isTaskKnown: boolean): Record<string, unknown> {
  const parsed = detail === null ? {} : parse(String(detail));
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  const kept = isObject ? { ...parsed } : { legacy_detail: parsed };
  return task_id === null || isTaskKnown ? kept : { ...kept, legacy_task_id: task_id };
}

/** What the new board itself says that it could not keep. */
interface Admitted {
  numbers: Map<string, string>;
  circles: Set<string>;
}

function admittedBy(project: Project): Admitted {
  const [event] = project.events.list({ action: ['board_imported'] }).items;
  const { renumbered = [], dropped_dependencies = [] } = (event?.detail ?? {}) as {
    renumbered?: { was: string; project_id: string; is: string }[];
    dropped_dependencies?: { task: string; depends_on: string; reason: string }[];
  };
  console.log(
    `Dropped dependencies: ${dropped_dependencies.length}; renumbered tasks: ${renumbered.length}`,
  );
  return {
    numbers: new Map(
      renumbered.map(({ was, project_id, is }) => [JSON.stringify([project_id, was]), is]),
    ),
    circles: new Set(
      dropped_dependencies
        .filter(({ reason }) => reason === 'circle')
        .map(({ task, depends_on }) => `${task} ${depends_on}`),
    ),
  };
}

/** `2026-03-22 17:03:55`, UTC, as ISO 8601. */
function time(text: unknown): string | null {
  return text === null || text === undefined ? null : `${String(text).replace(' ', 'T')}.000Z`;
}
