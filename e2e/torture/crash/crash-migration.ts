import { createHash } from 'node:crypto';
import { copyFileSync, globSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import {
  APPLICATION_ID,
  MIGRATIONS,
  NEWEST_VERSION,
  SCHEMA_VERSION_TABLE,
} from '../../../packages/core/src/database/migrations.ts';
import { Site } from '../site.ts';
import { unsoundness } from '../soundness.ts';
import type { Attempt } from '../tally.ts';

const TASKS = 8_000;

/**
 * Kills the first call that opens a board of the oldest version, which backs it up and migrates it.
 * What is left is of one version, with every task, and there is no half backup.
 */
export async function crashMigration(attempt: Attempt, times: number): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  const old = join(site.folder, 'old.db');
  makeOldBoard(old, site.id);
  const tasks = fingerprint(old);
  for (let round = 1; round <= times && !signal.aborted; round++) {
    putBack(site.board, old);
    const child = site.spawn(['scan']);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stderr?.resume();
    // Half of them from when the backup is begun, which is the better part of it.
    if (random.chance(0.5)) await backupBegun(site.board, child);
    await sleep(random.below(250));
    child.kill('SIGKILL');
    await ended;
    tally.count('killed: migrations', child.signalCode === 'SIGKILL' ? 1 : 0);
    const version = versionOf(site.copyBoard());
    tally.count('… left at the old version', version === 1 ? 1 : 0);
    tally.blame(`migration ${round}`, [
      ...checkBoard(site.copyBoard(), tasks, 1),
      ...backupsOf(site.board).flatMap((file) => checkBoard(file, tasks, 1, NEWEST_VERSION - 1)),
    ]);
    await site.answer(['scan']);
    tally.blame(`migration ${round}, gone on`, checkBoard(site.board, tasks, NEWEST_VERSION));
  }
}

/** A board as the first version of the schema had it. */
function makeOldBoard(file: string, id: string): void {
  const sqlite = new DatabaseSync(file);
  const now = new Date().toISOString();
  sqlite.exec('PRAGMA journal_mode = WAL; BEGIN');
  sqlite.exec(SCHEMA_VERSION_TABLE);
  sqlite.exec(MIGRATIONS[0]?.sql ?? '');
  sqlite.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  sqlite.prepare('INSERT INTO schema_version VALUES (1, ?)').run(now);
  sqlite
    .prepare("INSERT INTO projects (id, name, settings, created_at) VALUES (?, 'old', '{}', ?)")
    .run(id, now);
  const task = sqlite.prepare(
    'INSERT INTO tasks (title, description, status, priority, created_at, updated_at) VALUES (?, ?, ?, 1, ?, ?)',
  );
  const event = sqlite.prepare(
    "INSERT INTO events (task_id, agent, action, version, detail, created_at) VALUES (?, 'human', 'task_created', 1, ?, ?)",
  );
  for (let number = 1; number <= TASKS; number++) {
    const title = `task ${number}`;
    task.run(title, 'what is to be done. '.repeat(20), 'open', now, now);
    event.run(number, JSON.stringify({ title: [null, title], status: [null, 'open'] }), now);
  }
  sqlite.exec('COMMIT');
  sqlite.close();
}

/** Puts the old board in the place of whatever is there, and takes its backups away. */
function putBack(board: string, old: string): void {
  for (const name of readdirSync(dirname(board))) {
    if (name.startsWith('data.db')) rmSync(join(dirname(board), name));
  }
  copyFileSync(old, board);
}

async function backupBegun(board: string, child: { exitCode: number | null }): Promise<void> {
  const folder = dirname(board);
  const isBegun = () => readdirSync(folder).some((name) => /^data\.db\.(?:v1|new)/.test(name));
  while (!isBegun() && child.exitCode === null) await soon();
}

function backupsOf(board: string): string[] {
  return globSync(`${board}.*.bak`);
}

/** A board is whole at any version; each step to the next one is a transaction of its own. */
function checkBoard(file: string, tasks: string, from: number, to = NEWEST_VERSION): string[] {
  const faults = unsoundness(file).map((fault) => `${file}: ${fault}`);
  const version = versionOf(file);
  if (version < from || version > to) faults.push(`${file} is of version ${version}`);
  if (fingerprint(file) !== tasks) faults.push(`${file} does not have the tasks that there were`);
  return faults;
}

function versionOf(file: string): number {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const row = sqlite.prepare('SELECT max(version) AS version FROM schema_version').get();
  sqlite.close();
  return Number(row?.version);
}

/** What the tasks and their events are, in one word. */
function fingerprint(file: string): string {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const hash = createHash('sha256');
  const rows = (sql: string) => hash.update(JSON.stringify(sqlite.prepare(sql).all()));
  rows('SELECT id, title, description, status FROM tasks ORDER BY id');
  rows('SELECT id, task_id, action, detail FROM events WHERE task_id IS NOT NULL ORDER BY id');
  sqlite.close();
  return hash.digest('hex');
}
