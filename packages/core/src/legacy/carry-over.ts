import { renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError, type Task } from '@codepakt/contract';
import { SETTING_UP, withDraft } from '../board-file.ts';
import { type Clock, timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { backUp } from '../database/backup.ts';
import { Database, sqlBuilder } from '../database/database.ts';
import { kindOf } from '../database/open-database.ts';
import { appendEvent } from '../events/append-event.ts';
import { insertEvent } from '../events/insert-event.ts';
import { taskId } from '../ids.ts';
import { type Seed, seedDocs, seedProject } from '../seed-board.ts';
import { readTask, taskRow } from '../tasks/load-task.ts';
import { asFileError, syncFolder } from '../write-file.ts';
import { type ConvertedBoard, convertLegacyBoard } from './convert-legacy-board.ts';
import { type LegacyBoard, type LegacyLayout, readLegacyBoard } from './read-legacy-board.ts';

/** What came along, counted, and where the old database is kept. */
export interface CarriedOver {
  layout: LegacyLayout;
  tasks: number;
  notes: number;
  agents: number;
  events: number;
  docs: number;
  dropped_dependencies: number;
  renumbered_tasks: number;
  backup: string;
}

/**
 * Puts a board of ours in the place of a database of codepakt 0.1 or 0.2, or of one without
 * tables. The new one is made beside it and takes its name when it is whole, so that at any
 * moment either is there. Undefined: another process did it meanwhile.
 * @throws CodepaktError `busy` while another program has it open, `database_damaged`
 */
export function carryOver(file: string, clock: Clock, seed: Seed): CarriedOver | undefined {
  const { ino } = statSync(file);
  const old = new Database(file, SETTING_UP);
  try {
    old.pragma('trusted_schema = OFF');
    takeAlone(old);
    if (statSync(file).ino !== ino || kindOf(old) === 'ours') return undefined;
    refuseDamaged(old);
    const backup = backUp(old, 'legacy', new Date(clock.now()));
    const board = readLegacyBoard(old);
    const converted = convertLegacyBoard(board, timestamp(clock));
    withDraft(
      file,
      clock,
      (ctx) => fill(ctx, board, converted, seed),
      (draft) => asFileError(file, () => renameSync(draft, file)),
    );
    asFileError(file, () => syncFolder(dirname(file)));
    return toCounts(board, converted, backup);
  } finally {
    old.close();
  }
}

/**
 * Nobody else may have the old database open, or what they write would be lost, and its WAL would
 * be taken for the new one's. Leaving WAL mode needs just that, and leaves no WAL behind.
 */
function takeAlone(old: Database): void {
  try {
    const mode = old.pragma('journal_mode = DELETE');
    old.pragma('locking_mode = EXCLUSIVE');
    old.exec('BEGIN EXCLUSIVE; COMMIT');
    if (mode === 'delete' && old.pragma('journal_mode') === 'delete') return;
  } catch (cause) {
    if (!(cause instanceof CodepaktError) || cause.code !== 'busy') throw cause;
    throw stillOpen(old, cause);
  }
  throw stillOpen(old);
}

function stillOpen(old: Database, cause?: unknown): CodepaktError {
  return new CodepaktError('busy', `${old.file} is still open in another program`, {
    hint: 'Stop the server of the old codepakt (`cpk server stop` there), then run `cpk init` again.',
    cause,
  });
}

function refuseDamaged(old: Database): void {
  const result = old.pragma('integrity_check(1)');
  if (result === 'ok') return;
  throw new CodepaktError('database_damaged', `${old.file} is damaged: ${String(result)}`, {
    hint: 'Keep the file, and bring back a copy of it that is whole.',
  });
}

function fill(ctx: Context, old: LegacyBoard, board: ConvertedBoard, seed: Seed): void {
  insertRows(ctx, board);
  seedProject(ctx, seed);
  if (old.layout !== 'empty') tellOfImport(ctx, old, board);
  seedDocs(ctx, seed);
}

function insertRows({ db }: Context, board: ConvertedBoard): void {
  for (const row of board.tasks) db.run(sqlBuilder.insertInto('tasks').values(row));
  for (const row of board.dependencies) {
    db.run(sqlBuilder.insertInto('task_dependencies').values(row));
  }
  for (const row of board.notes) db.run(sqlBuilder.insertInto('task_notes').values(row));
  for (const row of board.agents) db.run(sqlBuilder.insertInto('agents').values(row));
  for (const row of board.docs) db.run(sqlBuilder.insertInto('docs').values(row));
  for (const row of board.events) insertEvent(db, row);
}

/** The old log does not explain the state of the board, so this event holds it: history starts here. */
function tellOfImport(ctx: Context, old: LegacyBoard, board: ConvertedBoard): void {
  const tasks: Task[] = board.tasks.map(({ id }) => readTask(ctx, taskRow(ctx, id)));
  appendEvent(ctx, {
    action: 'board_imported',
    by: {},
    detail: {
      from: { version: old.version, layout: old.layout },
      project_ids: projectIds(old),
      tasks,
      dropped_dependencies: board.dropped.map(({ task, ...rest }) => ({
        task: taskId(task),
        ...rest,
      })),
      renumbered: board.renumbered,
      // With the columns that agents no longer have.
      legacy_agents: old.agents,
    },
  });
}

function projectIds({ tasks, agents, events, docs }: LegacyBoard): string[] {
  const rows = [...tasks, ...agents, ...events, ...docs];
  return [...new Set(rows.map(({ project_id }) => String(project_id)))];
}

function toCounts(old: LegacyBoard, board: ConvertedBoard, backup: string): CarriedOver {
  return {
    layout: old.layout,
    tasks: board.tasks.length,
    notes: board.notes.length,
    agents: board.agents.length,
    events: board.events.length,
    docs: board.docs.length,
    dropped_dependencies: board.dropped.length,
    renumbered_tasks: board.renumbered.length,
    backup,
  };
}
