// One agent of the storm: `cpk task pickup`, a moment of work, then done, block, release, or death.
import { setTimeout as sleep } from 'node:timers/promises';
import { Driver, receiveJob } from './driver.ts';
import { writeEntry } from './journal.ts';
import { CURSED, CURSED_CLAIMS } from './storm-board.ts';

/** The exit code of a pickup that found nothing. */
const NOTHING = 5;

const DIES_AT_WORK = 0.03;
const STALLS = 0.01;
const TAKES_A_NOTE = 0.1;
const BLOCKS = 0.06;
const RELEASES = 0.08;

interface Held {
  id: string;
  title: string;
  claim: number;
}

interface Pickup {
  task: Held | null;
  holding?: Held[];
  why?: Record<string, number>;
}

const driver = new Driver(await receiveJob(), { is_mortal: true });
const { name: by, journal, lease_seconds } = driver.job;
while (!(await takeTurn()));
process.exit(0);

/** Answers whether the board is empty. */
async function takeTurn(): Promise<boolean> {
  const lease = ['--lease', `${lease_seconds}s`];
  const picked = await driver.act('pickup', ['task', 'pickup', '--wait', '2s', ...lease]);
  if (picked === undefined) return false;
  const { task, holding = [], why = {} } = (picked.answer ?? { task: null }) as Pickup;
  // A pickup whose answer was lost: the board still knows who has the task.
  for (const held of holding) {
    writeEntry(journal, { kind: 'adopted', by, on: { task: held.id, claim: held.claim } });
    await workOn(held);
  }
  if (task !== null) await workOn(task);
  const left = Object.values(why).some((count) => typeof count === 'number' && count > 0);
  return picked.code === NOTHING && holding.length === 0 && !left;
}

async function workOn({ id, title, claim }: Held): Promise<void> {
  const { random } = driver;
  const on = { task: id, claim };
  const isCursed = title.startsWith(CURSED) && claim <= CURSED_CLAIMS;
  if (isCursed || random.chance(DIES_AT_WORK)) await driver.die();
  if (random.chance(STALLS)) {
    writeEntry(journal, { kind: 'stalled', by, on });
    await sleep(lease_seconds * 1_600);
  } else {
    await sleep(random.below(15));
  }
  // Half of them trust their name alone, as an agent may that never looks at claim numbers.
  const fence = random.chance(0.5) ? ['--claim', String(claim)] : [];
  if (random.chance(TAKES_A_NOTE)) {
    await driver.act('note', ['task', 'note', id, `under way, claim ${claim}`, ...fence], on);
  }
  if (random.chance(BLOCKS)) {
    await driver.act('block', ['task', 'block', id, '--reason', 'no key', ...fence], on);
  } else if (random.chance(RELEASES)) {
    await driver.act('release', ['task', 'release', id, ...fence], on);
  } else {
    await driver.act('done', ['task', 'done', id, '--note', 'it works', ...fence], on);
  }
}
