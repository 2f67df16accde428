import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError } from '../../../packages/contract/src/index.ts';
import { examineDatabase } from '../../../packages/core/src/doctor/examine-database.ts';
import { openDatabaseFile } from '../../../packages/core/src/index.ts';
import { writeFiles } from '../crash/crash-scan.ts';
import type { Random } from '../random.ts';
import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { inWords, send } from './api.ts';
import type { Size } from './machine.ts';

const TIMES: Record<Size, number> = { short: 4, usual: 60, full: 500 };
/** So many damaged boards that can be opened are served by a daemon. */
const DAEMONS: Record<Size, number> = { short: 1, usual: 8, full: 40 };
/** The daemon waits two seconds and then looks at the lowest priority, twice. */
const PATIENCE_MS = 60_000;
const PAGE = 4_096;

/** What happens to the bytes of a file. */
const DAMAGES: readonly [name: string, damage: (bytes: Buffer, random: Random) => Buffer][] = [
  ['a byte flipped', flipByte],
  [
    'a page of noise',
    (bytes, random) => onPage(bytes, random, (page) => page.map(() => random.below(256))),
  ],
  ['a page of zeros', (bytes, random) => onPage(bytes, random, (page) => page.fill(0))],
  ['cut off', (bytes, random) => bytes.subarray(0, random.below(bytes.length))],
];

/**
 * Damages the file of a board that nobody has open: opening it or reading it refuses, or doctor names
 * the damage, or else all that the board says is as it was. A daemon that opens it all the same finds
 * out by itself, and serves it again as soon as it was restored.
 */
export async function damageFile(attempt: Attempt, size: Size): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  writeFiles(site.root, 0);
  await site.answer(['scan']);
  fillBoard(site.board);
  const whole = join(site.folder, 'whole.db');
  await site.answer(['backup', join(site.folder, 'backup.db')]);
  await site.answer(['server', 'stop']);
  copyFileSync(site.board, whole);
  const content = contentOf(whole);
  let daemons = 0;
  for (const [name, damage] of DAMAGES) {
    for (let round = 1; round <= TIMES[size] && !signal.aborted; round++) {
      for (const suffix of ['-wal', '-shm']) rmSync(site.board + suffix, { force: true });
      writeFileSync(site.board, damage(readFileSync(whole), random));
      const { verdict, isInData } = judge(site.board, content);
      tally.count(`${name}: ${verdict}`);
      tally.expect(name, verdict !== SERVED, 'changed data was served');
      if (!isInData || daemons++ >= DAEMONS[size]) continue;
      await findOut(attempt, site, content);
    }
  }
  await restore(attempt, site, content);
}

/** Brings back the board that was damaged last. */
async function restore({ tally }: Attempt, site: Site, whole: Content): Promise<void> {
  const { code, stderr } = await site.cpk(['restore', join(site.folder, 'backup.db')]);
  tally.expect('cpk restore', code === 0, stderr);
  await site.answer(['server', 'stop']);
  tally.expect('cpk restore', contentOf(site.board).work === whole.work, 'it is not as it was');
  tally.count('damaged boards brought back by cpk restore');
}

/** A daemon serves the board, until it has read it through; then it is restored while the daemon runs. */
async function findOut({ tally }: Attempt, site: Site, whole: Content): Promise<void> {
  const daemon = await site.startDaemon();
  const name = 'found out by the daemon';
  try {
    const ask = () => send(site.api(daemon, '/tasks?limit=1'));
    const end = performance.now() + PATIENCE_MS;
    let said = await ask();
    while (said.code !== 'database_damaged' && performance.now() < end) {
      await sleep(100);
      said = await ask();
    }
    tally.expect(name, said.code === 'database_damaged', inWords(said));
    const { code, stderr } = await site.cpk(['restore', join(site.folder, 'backup.db')]);
    tally.expect('restored beside the daemon', code === 0, stderr);
    // Where the damage keeps it from being written into, `cpk restore` stops the daemon.
    const { code: again, stdout } = await site.cpk(['task', 'list', '--limit', '1']);
    tally.expect('restored beside the daemon', again === 0, stdout);
    await site.answer(['server', 'stop']);
    tally.expect('restored', contentOf(site.board).work === whole.work, 'it is not as it was');
    tally.count('damaged boards found out by the daemon, and served again after cpk restore');
  } finally {
    daemon.kill('SIGKILL');
    await daemon.ended;
  }
}

const SERVED = 'served as data';

interface Judgement {
  /** Who notices that a file is damaged: whoever opens it, whoever reads it, or doctor. */
  verdict: string;
  /** Whether it can be opened, and then says something else than it did, or can't say it. */
  isInData: boolean;
}

function judge(file: string, whole: Content): Judgement {
  const isNamed = examineDatabase(file).some(({ level }) => level === 'error');
  try {
    using _project = openDatabaseFile(file);
  } catch (error) {
    return { verdict: nameOf(error, 'refused when opened'), isInData: false };
  }
  try {
    const { work, log, agents } = contentOf(file);
    const isInData = work !== whole.work || log !== whole.log;
    if (isNamed) return { verdict: 'named by doctor', isInData };
    if (isInData) return { verdict: SERVED, isInData };
    const isSo = agents === whole.agents;
    const verdict = isSo
      ? 'in nothing that the board says'
      : 'not noticed, in who was last seen when';
    return { verdict, isInData };
  } catch (error) {
    return { verdict: nameOf(error, 'refused when read'), isInData: true };
  }
}

/** Only an error of ours says what is the matter. */
function nameOf(error: unknown, as: string): string {
  return error instanceof CodepaktError ? as : `not understood: ${error}`;
}

/** All that a board says: what is to be done, what was, and who was there when. */
interface Content {
  work: string;
  log: string;
  agents: string;
}

function contentOf(file: string): Content {
  const [work, log, agents] = [createHash('sha256'), createHash('sha256'), createHash('sha256')];
  using project = openDatabaseFile(file);
  for (const line of project.board.export()) {
    const kind = /^\{"kind":"(\w+)"/.exec(line)?.[1];
    const part = kind === 'agent' ? agents : kind === 'event' || kind === 'end' ? log : work;
    part.update(line);
  }
  return { work: work.digest('hex'), log: log.digest('hex'), agents: agents.digest('hex') };
}

function fillBoard(file: string): void {
  using project = openDatabaseFile(file);
  const { tasks, docs } = project;
  const prose = (n: number) => `What is to be done in case ${n}, and how one knows. `.repeat(6);
  tasks.createBatch(
    Array.from({ length: 150 }, (_, n) => ({
      title: `Task ${n}`,
      description: prose(n),
      tags: [`tag-${n % 7}`],
    })),
  );
  for (let n = 1; n <= 60; n++) {
    const { task } = tasks.pickUp({ agent: `agent-${n % 5}` });
    if (task === null) throw new Error('there are open tasks');
    tasks.note(task.id, { body: prose(n), agent: `agent-${n % 5}` });
    tasks.done(task.id, { agent: `agent-${n % 5}`, note: `It works, ${n}.` });
  }
  for (let n = 1; n <= 20; n++)
    docs.create({ type: 'learning', title: `Doc ${n}`, body: prose(n) });
}

function flipByte(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
  return bytes;
}

function onPage(bytes: Buffer, random: Random, change: (page: Buffer) => Uint8Array): Buffer {
  const at = PAGE * random.below(bytes.length / PAGE);
  bytes.set(change(bytes.subarray(at, at + PAGE)), at);
  return bytes;
}
