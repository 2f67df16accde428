import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { daemonPid } from '../daemons.ts';
import { endingOf, Site } from '../site.ts';
import { unsoundness } from '../soundness.ts';
import type { Attempt } from '../tally.ts';
import { checkReplay } from './check-board.ts';

/** Enough for each of them to take a while. */
const TASKS = 1_500;

/** A board with its tasks numbered from 1: how many there are says which state it is in. */
interface Archive {
  site: Site;
  backup: string;
  exported: string;
  /** Milliseconds that a whole call takes. */
  usual: number;
}

/**
 * Kills backups, restores and imports, by turns the call of `cpk` and the daemon behind it. A backup
 * that has its name is whole; a restore or an import has happened, or not at all.
 */
export async function crashArchive(attempt: Attempt, times: number): Promise<void> {
  const { entry, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  const archive = await prepare(site);
  for (let round = 1; round <= times && !signal.aborted; round++) {
    tally.blame(`backup ${round}`, await crashBackup(attempt, archive));
    tally.blame(`restore ${round}`, await crashRestore(attempt, archive));
    tally.blame(`import ${round}`, await crashImport(attempt, archive, round));
  }
}

async function prepare(site: Site): Promise<Archive> {
  const backup = join(site.folder, 'kept.db');
  const exported = join(site.folder, 'kept.jsonl');
  const tasks = Array.from({ length: TASKS }, (_, n) => ({
    title: `task ${n + 1}`,
    description: 'what is to be done. '.repeat(20),
  }));
  for (let from = 0; from < TASKS; from += 500) {
    const batch = join(site.folder, 'batch.json');
    writeFileSync(batch, JSON.stringify(tasks.slice(from, from + 500)));
    await site.answer(['task', 'add', '--batch', batch]);
  }
  await site.answer(['board', 'export', exported]);
  const began = performance.now();
  await site.answer(['backup', backup]);
  return { site, backup, exported, usual: performance.now() - began };
}

/** Runs a call of `cpk` and kills it, or the daemon, at any moment of it; answers whether it has ended well. */
async function crash(attempt: Attempt, archive: Archive, site: Site, args: readonly string[]) {
  const { random } = attempt;
  const call = site.spawn(args);
  const ended = endingOf(call);
  await sleep(random.next() * archive.usual);
  const daemon = daemonPid(site.data_dir);
  if (daemon !== undefined && random.chance(0.5)) process.kill(daemon, 'SIGKILL');
  else call.kill('SIGKILL');
  const { code } = await ended;
  attempt.tally.count(`killed: ${args.filter((word) => /^[a-z]+$/.test(word)).join(' ')}`);
  return code === 0;
}

async function crashBackup(attempt: Attempt, archive: Archive): Promise<string[]> {
  const { site } = archive;
  const file = join(site.folder, 'new.db');
  rmSync(file, { force: true });
  const isMade = await crash(attempt, archive, site, ['backup', file]);
  if (!existsSync(file)) return isMade ? ['it is not there'] : [];
  const tasks = countTasks(file);
  const faults = unsoundness(file);
  return tasks === TASKS ? faults : [...faults, `it holds ${tasks} tasks`];
}

async function crashRestore(attempt: Attempt, archive: Archive): Promise<string[]> {
  const { site, backup } = archive;
  await site.answer(['task', 'add', '--title', 'one more']);
  const present = countTasks(site.board);
  const isRestored = await crash(attempt, archive, site, ['restore', backup]);
  const tasks = ((await site.answer(['board', 'status'])) as { total: number }).total;
  const faults = [...unsoundness(site.board), ...checkReplay(site.board)];
  if (tasks !== TASKS && (isRestored || tasks !== present)) {
    faults.push(`there are ${tasks} tasks, not ${TASKS} as in the backup nor ${present} as before`);
  }
  const kept = globSync(join(site.data_dir, 'backups', '*', '*.db'));
  for (const file of kept) faults.push(...unsoundness(file));
  if (tasks === TASKS && !kept.some((file) => countTasks(file) === present)) {
    faults.push('what was there before is kept nowhere');
  }
  for (const file of kept) rmSync(file);
  await site.answer(['restore', backup]);
  return faults;
}

async function crashImport(attempt: Attempt, archive: Archive, round: number): Promise<string[]> {
  const { site, exported } = archive;
  const empty = await site.beside(`import-${round}`);
  const args = ['board', 'import', exported, '--key', `import-${round}`];
  const isImported = await crash(attempt, archive, empty, args);
  const tasks = countTasks(empty.board);
  const faults = unsoundness(empty.board);
  const isWhole = tasks === TASKS || (tasks === 0 && !isImported);
  if (!isWhole) faults.push(`there are ${tasks} tasks after it`);
  const again = await empty.cpk(args);
  if (again.code !== 0) faults.push(`not imported when asked again: ${again.stderr}`);
  const all = countTasks(empty.board);
  if (all !== TASKS) faults.push(`there are ${all} tasks when it was asked again`);
  return [...faults, ...checkReplay(empty.board)];
}

function countTasks(file: string): number {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const row = sqlite.prepare('SELECT count(*) AS n FROM tasks').get();
  sqlite.close();
  return Number(row?.n);
}
