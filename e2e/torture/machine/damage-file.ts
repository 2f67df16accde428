import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError } from '../../../packages/contract/src/index.ts';
import { examineDatabase } from '../../../packages/core/src/doctor/examine-database.ts';
import { openDatabaseFile } from '../../../packages/core/src/index.ts';
import { writeFiles } from '../crash/crash-scan.ts';
import type { Random } from '../random.ts';
import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import type { Size } from './machine.ts';

const TIMES: Record<Size, number> = { short: 4, usual: 60, full: 500 };
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
 * the damage, or else all that the board says is as it was.
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
  for (const [name, damage] of DAMAGES) {
    for (let round = 1; round <= TIMES[size] && !signal.aborted; round++) {
      for (const suffix of ['-wal', '-shm']) rmSync(site.board + suffix, { force: true });
      writeFileSync(site.board, damage(readFileSync(whole), random));
      const found = judge(site.board, content);
      tally.count(`${name}: ${found}`);
      tally.expect(name, found !== SERVED, 'changed data was served');
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

const SERVED = 'served as data';

/** Who notices that a file is damaged: whoever opens it, whoever reads it, or doctor. */
function judge(file: string, whole: Content): string {
  const isNamed = examineDatabase(file).some(({ level }) => level === 'error');
  try {
    using _project = openDatabaseFile(file);
  } catch (error) {
    return nameOf(error, 'refused when opened');
  }
  try {
    const { work, log } = contentOf(file);
    if (isNamed) return 'named by doctor';
    if (work !== whole.work) return SERVED;
    // Of an event, its time and who did it stand nowhere else.
    return log === whole.log
      ? 'in nothing that the board says'
      : 'not noticed, in a time or name of the log';
  } catch (error) {
    return nameOf(error, 'refused when read');
  }
}

/** Only an error of ours says what is the matter. */
function nameOf(error: unknown, as: string): string {
  return error instanceof CodepaktError ? as : `not understood: ${error}`;
}

/** All that a board says, in a word for what is to be done and one for what was. */
interface Content {
  work: string;
  log: string;
}

function contentOf(file: string): Content {
  const [work, log] = [createHash('sha256'), createHash('sha256')];
  using project = openDatabaseFile(file);
  for (const line of project.board.export()) {
    const isLog = /^\{"kind":"(?:event|agent|end)"/.test(line);
    (isLog ? log : work).update(line);
  }
  return { work: work.digest('hex'), log: log.digest('hex') };
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
