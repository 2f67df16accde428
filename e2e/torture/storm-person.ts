// The person of the storm: unblocks what was blocked or parked, and approves some of what is finished.
import { setTimeout as sleep } from 'node:timers/promises';
import { Driver, receiveJob } from './driver.ts';

const APPROVES = 0.2;
const PAUSE_MS = 300;

interface Status {
  total: number;
  counts: Record<string, number>;
}

const driver = new Driver(await receiveJob(), { is_mortal: false });
const seen = new Set<string>();
while (!(await isOver())) {
  for (const id of await list('blocked')) await act('unblock', id);
  const fresh = (await list('review')).filter((id) => !seen.has(id));
  for (const id of fresh) {
    seen.add(id);
    if (driver.random.chance(APPROVES)) await act('approve', id);
  }
  await sleep(PAUSE_MS);
}
process.exit(0);

/** A person acts on a task, whatever its claim. */
async function act(verb: 'unblock' | 'approve', id: string): Promise<void> {
  await driver.act(verb, ['task', verb, id], { task: id, claim: 0 });
}

async function isOver(): Promise<boolean> {
  const status = await driver.act('status', ['board', 'status']);
  if (status === undefined) return false;
  const { total, counts } = status.answer as Status;
  return (counts.review ?? 0) + (counts.done ?? 0) === total;
}

async function list(status: string): Promise<string[]> {
  const page = ['--status', status, '--fields', 'id', '--limit', '200'];
  const found = await driver.act('list', ['task', 'list', ...page]);
  return ((found?.answer ?? []) as { id: string }[]).map(({ id }) => id);
}
