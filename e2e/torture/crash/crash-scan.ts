import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { seededRandom } from '../random.ts';
import { Site } from '../site.ts';
import { unsoundness } from '../soundness.ts';
import type { Attempt } from '../tally.ts';
import { checkBoard } from './check-board.ts';
import { runClient } from './clients.ts';
import { Ledger } from './ledger.ts';

/** Enough for the scanner to use its threads. */
const FILES = 60;
const CLIENTS = 2;

/**
 * Kills scans beside a working daemon. The files of a scan all hold the same number: an index that
 * mixes two of them is half a scan.
 */
export async function crashScan(attempt: Attempt, times: number): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  const daemon = await site.startDaemon();
  const ledger = new Ledger();
  const over = new AbortController();
  const clients = Array.from({ length: CLIENTS }, (_, index) => {
    const own = seededRandom(random.below(2 ** 31));
    const name = `s.${index}`;
    return runClient({ api: site.api(daemon), ledger, random: own, name, signal: over.signal });
  });
  writeFiles(site.root, 0);
  let usual = await timed(() => site.answer(['scan']));
  for (let round = 1; round <= times && !signal.aborted; round++) {
    writeFiles(site.root, round);
    const { code, stderr } = await site.cpk(['scan'], random.next() * usual);
    if (code === null) tally.count('killed: scans');
    else if (code !== 0) tally.blame(`scan ${round}`, [stderr]);
    const left = checkIndex(site, [round - 1, round]);
    usual = await timed(() => site.answer(['scan']));
    tally.blame(`scan ${round}`, [...left, ...checkIndex(site, [round])]);
  }
  over.abort();
  await Promise.all(clients);
  daemon.kill('SIGTERM');
  await daemon.ended;
  tally.count('answers held against the board', ledger.answers);
  tally.blame('beside scans', [...ledger.faults, ...checkBoard(site.board, ledger).faults]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Writes source files that all hold one number. */
export function writeFiles(root: string, number: number): void {
  mkdirSync(join(root, 'src'), { recursive: true });
  for (let file = 0; file < FILES; file++) {
    const parts = Array.from(
      { length: 20 },
      (_, part) => `export const part${part} = ${number};\n`,
    );
    const text = `import './file${(file + 1) % FILES}.ts';\nexport function number${number}() {}\n`;
    writeFileSync(join(root, 'src', `file${file}.ts`), text + parts.join(''));
  }
}

/** An index is of one scan, is told of by an event each time that it changed, and its words are its symbols'. */
export function checkIndex(site: Site, numbers: readonly number[]): string[] {
  const faults = unsoundness(site.board);
  const sqlite = new DatabaseSync(site.takeSnapshot());
  const one = (sql: string) => Object.values(sqlite.prepare(sql).get() ?? {})[0];
  try {
    const found = sqlite
      .prepare("SELECT name, count(*) AS n FROM symbols WHERE name LIKE 'number%' GROUP BY name")
      .all();
    const isWhole = numbers.some((number) => found[0]?.name === `number${number}`);
    if (found.length !== 1 || !isWhole || found[0]?.n !== FILES) {
      faults.push(`the index holds ${JSON.stringify(found)} instead of one of ${numbers}`);
    }
    const generation = one('SELECT generation FROM code_index');
    const told = one("SELECT count(*) FROM events WHERE action = 'scan_completed'");
    if (generation !== told) faults.push(`${generation} scans were stored, ${told} told of`);
    sqlite.exec("INSERT INTO symbols_fts (symbols_fts) VALUES ('integrity-check')");
  } catch (error) {
    faults.push(`the words of the index are not its symbols': ${error}`);
  } finally {
    sqlite.close();
  }
  return faults;
}
