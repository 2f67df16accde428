import { basename, dirname } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { CodepaktError, type ImportResult } from '@codepakt/contract';
import { sql } from 'kysely';
import { removeDraft, SETTING_UP, sweepDrafts } from '../board-file.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database/database.ts';
import { createDatabase } from '../database/open-database.ts';
import { raw } from '../database/raw.ts';
import { seedProject } from '../seed-board.ts';
import { asFileError, draftOf } from '../write-file.ts';
import { clearLog, importLines, notEmpty, refuseUnlessEmpty } from './import-board.ts';

/** An imported board in a database of its own, from where it only has to be copied. */
export interface StagedBoard {
  /** The name under which the board's connection has that database open. */
  schema: string;
  result: ImportResult;
  /** Not to be called within a transaction of the board. */
  [Symbol.dispose](): void;
}

/** Others get their turn after so much work. */
const SLICE_MS = 8;
/** SQLite opens ten databases beside the first. */
const MAX_STAGED = 5;

let staged = 0;

/**
 * Reads the lines of an exported board into a database of their own, in slices between which others
 * get their turn. Nothing is changed on the board itself.
 * @throws CodepaktError as `importBoard`; `busy` when too many do so at once, or the board was closed
 */
export async function stageBoard(ctx: Context, lines: Iterable<string>): Promise<StagedBoard> {
  const { file } = ctx.db;
  sweepDrafts(dirname(file), (name) => name === basename(file));
  const draft = draftOf(file);
  try {
    const result = await importInSlices(ctx, draft, lines);
    return attach(ctx.db, draft, result);
  } finally {
    // While it is attached it needs no name, and so it is gone when this process is.
    removeDraft(draft);
  }
}

/**
 * Puts a staged board in the place of an empty one. To be called inside a transaction.
 * @throws CodepaktError `board_not_empty`, also when nothing was staged because of that
 */
export function importStaged(ctx: Context, board: StagedBoard | undefined): ImportResult {
  refuseUnlessEmpty(ctx);
  if (board === undefined) throw notEmpty();
  const { schema, result } = board;
  const { db } = ctx;
  clearLog(ctx);
  for (const table of TABLES) {
    const columns = columnsOf(db, table);
    db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM ${schema}.${table}`);
  }
  db.exec(`
    UPDATE projects SET (name, description, settings, created_at) =
      (SELECT name, description, settings, created_at FROM ${schema}.projects);
    DELETE FROM sqlite_sequence WHERE name = 'docs';
    INSERT INTO sqlite_sequence (name, seq)
      SELECT name, seq FROM ${schema}.sqlite_sequence WHERE name = 'docs'`);
  return result;
}

/** In the order in which they refer to each other. */
const TABLES = ['agents', 'tasks', 'task_dependencies', 'task_notes', 'docs', 'events', 'metadata'];

async function importInSlices(
  { db: { file }, ...ctx }: Context,
  draft: string,
  lines: Iterable<string>,
): Promise<ImportResult> {
  const db = asFileError(file, () => createDatabase(draft, SETTING_UP));
  try {
    // It is gone when anything goes wrong.
    db.pragma('synchronous = OFF');
    const stage = { ...ctx, db };
    db.exec('BEGIN');
    seedProject(stage, { id: 'staged', name: 'staged' });
    const reading = importLines(stage, lines);
    for (let end = performance.now() + SLICE_MS; ; ) {
      const { done, value } = reading.next();
      if (done === true) {
        db.exec('COMMIT');
        db.pragma('journal_mode = DELETE');
        return value;
      }
      if (performance.now() < end) continue;
      await pause();
      end = performance.now() + SLICE_MS;
    }
  } finally {
    db.close();
  }
}

function attach(db: Database, draft: string, result: ImportResult): StagedBoard {
  if (!db.isOpen) throw new CodepaktError('busy', `${db.file} was closed meanwhile`);
  if (namesOf(db).length > MAX_STAGED) {
    throw new CodepaktError('busy', 'too many boards are being imported here at once', {
      hint: 'Wait for the others; only one of them can succeed.',
    });
  }
  staged += 1;
  const schema = `staged_${staged}`;
  db.run(raw`ATTACH ${draft} AS ${sql.raw(schema)}`);
  const isAttached = () => db.isOpen && namesOf(db).includes(schema);
  return {
    schema,
    result,
    [Symbol.dispose]: () => {
      if (isAttached()) db.exec(`DETACH ${schema}`);
    },
  };
}

/** Of the databases that a connection has open. */
function namesOf(db: Database): unknown[] {
  return db.pragmaRows('database_list').map(({ name }) => name);
}

/** All but those that follow from others. */
function columnsOf(db: Database, table: string): string {
  return db
    .pragmaRows(`table_xinfo(${table})`)
    .filter(({ hidden }) => hidden === 0)
    .map(({ name }) => `"${name}"`)
    .join(', ');
}
