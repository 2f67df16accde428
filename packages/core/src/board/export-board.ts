import { closeSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { BOARD_FORMAT, type BoardHeadLine, type BoardLine } from '@codepakt/contract';
import { removeDraft, SETTING_UP, sweepDrafts } from '../board-file.ts';
import type { Context } from '../context.ts';
import { ALL_PAGES, Database, prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { DocRow, EventRow, TaskRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { toDoc } from '../docs/doc-row.ts';
import { toSavedEvent } from '../events/append-event.ts';
import { taskId } from '../ids.ts';
import { toTask } from '../tasks/task-row.ts';
import { asFileError, draftOf } from '../write-file.ts';

/**
 * The whole board, one JSON line at a time, without newlines; of a damaged one all that can be read,
 * since that may be all that is left of it. It is one moment of the board: the lines come from a connection of their own, which sees nothing that is written after the first,
 * and which is closed at the end, or when the loop over it is left.
 */
export function* exportBoard(ctx: Context): Generator<string> {
  const db = new Database(ctx.db.file, SETTING_UP);
  try {
    yield* exportFrom(db);
  } finally {
    db.close();
  }
}

/** A copy of a board to export from. Dispose of it when nobody reads on. */
export interface BoardCopy {
  lines(): Generator<string>;
  [Symbol.dispose](): void;
}

/** Pages copied at a time: so much is done in a few milliseconds. */
const PAGES = 200;
/** So often what another process writes makes the copy begin anew; then it is made at one go. */
const MAX_RESTARTS = 3;

function createPace(): (left: number) => number {
  let restarts = 0;
  let last = Number.POSITIVE_INFINITY;
  return (left) => {
    if (left > last) restarts += 1;
    last = left;
    return restarts > MAX_RESTARTS ? ALL_PAGES : PAGES;
  };
}

/**
 * Copies the board, a bit at a time, to export it from there: for the daemon, in whose process its
 * file is not to be opened a second time, and where a slow reader must not hold up its WAL.
 * @throws CodepaktError `disk_full`, `busy`
 */
export async function copyToExport({ db }: Context): Promise<BoardCopy> {
  sweepDrafts(dirname(db.file), (name) => name === basename(db.file));
  const draft = draftOf(db.file);
  try {
    asFileError(draft, () => closeSync(openSync(draft, 'wx', 0o600)));
    await db.copyInto(draft, createPace());
    const copy = new Database(draft, SETTING_UP);
    // Then it needs no file beside it, and not even a name.
    copy.pragma('journal_mode = DELETE');
    return { lines: () => exportFrom(copy), [Symbol.dispose]: () => copy.close() };
  } finally {
    removeDraft(draft);
  }
}

function* exportFrom(db: Database): Generator<string> {
  db.pragma('query_only = ON');
  db.exec('BEGIN');
  for (const line of linesOf(db)) yield JSON.stringify(line);
}

function* linesOf(db: Database): Generator<BoardLine> {
  const counts = { agents: 0, tasks: 0, notes: 0, docs: 0, events: 0 };
  yield headOf(db);
  for (const agent of db.iterate(agents, {})) {
    counts.agents++;
    yield { kind: 'agent', ...agent };
  }
  for (const row of db.iterate(tasks, {})) {
    counts.tasks++;
    yield toTaskLine(row);
  }
  for (const { task_id, ...note } of db.iterate(notes, {})) {
    counts.notes++;
    yield { kind: 'note', ...note, task_id: taskId(task_id) };
  }
  for (const row of db.iterate(docs, {})) {
    counts.docs++;
    yield { kind: 'doc', ...toDoc(row) };
  }
  for (const row of db.iterate(events, {})) {
    counts.events++;
    yield { kind: 'event', ...toSavedEvent(row) };
  }
  yield { kind: 'end', ...counts };
}

function headOf(db: Database): BoardLine {
  const project = db.first(
    sqlBuilder.selectFrom('projects').select(['name', 'description', 'settings', 'created_at']),
  );
  if (project === undefined) throw new Error(`${db.file} does not say whose it is`);
  const sequence = db.first(
    raw<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'docs'`,
  );
  return {
    kind: 'board',
    format: BOARD_FORMAT,
    name: project.name,
    description: project.description,
    settings: readStoredJson<BoardHeadLine['settings']>(project.settings),
    created_at: project.created_at,
    last_doc: sequence?.seq ?? 0,
  };
}

type TaskWithDependencies = TaskRow & { dependencies: string };

const agents = prepared(() => sqlBuilder.selectFrom('agents').selectAll().orderBy('name'));
const tasks = prepared<object, TaskWithDependencies>(
  () => raw<TaskWithDependencies>`
    SELECT tasks.*, (
      SELECT json_group_array(depends_on) FROM (
        SELECT depends_on FROM task_dependencies WHERE task_id = tasks.id ORDER BY depends_on
      )
    ) AS dependencies
    FROM tasks ORDER BY id`,
);
const notes = prepared(() => sqlBuilder.selectFrom('task_notes').selectAll().orderBy('id'));
const docs = prepared<object, DocRow>(() =>
  sqlBuilder.selectFrom('docs').selectAll().orderBy('id'),
);
const events = prepared<object, EventRow>(() =>
  sqlBuilder.selectFrom('events').selectAll().orderBy('id'),
);

function toTaskLine(row: TaskWithDependencies): BoardLine {
  const depends_on = readStoredJson<number[]>(row.dependencies);
  const { deps_met, waits_for, notes, lease_expired, ...task } = toTask(
    row,
    { depends_on, waits_for: [], notes: [] },
    '',
  );
  return { kind: 'task', ...task, lease_seconds: row.lease_seconds };
}
