import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { checkBoard, checkReplay } from './check-board.ts';
import { Ledger } from './ledger.ts';

const SIDE_BY_SIDE = 3;
/** Beyond what a call takes: some are not killed at all. */
const LATEST_MS = 250;

/** Kills calls of `cpk` at any moment, and repeats each under its key: it has one effect. */
export async function crashCalls(attempt: Attempt, times: number): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  const ledger = new Ledger();
  let calls = 0;
  let killed = 0;
  const caller = async () => {
    while (killed < times && !signal.aborted) {
      const key = `call.${random.below(1_000)}:${++calls}`;
      const args = ['task', 'add', '--title', key, '--key', key];
      const asked = ledger.note({
        key,
        method: 'POST',
        path: '/tasks',
        agent: undefined,
        body: null,
      });
      const first = await site.cpk(args, random.below(LATEST_MS));
      if (first.code === null) killed++;
      else ledger.answered(asked, JSON.parse(first.stdout));
      const again = await site.cpk(args);
      if (again.code === 0) ledger.answered(asked, JSON.parse(again.stdout));
      else ledger.faults.push(`${key} ended with ${again.code}: ${again.stderr}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, caller));
  tally.count('killed: calls of cpk', killed);
  tally.count('answers held against the board', ledger.answers);
  const { faults } = checkBoard(site.board, ledger);
  tally.blame('calls of cpk', [...ledger.faults, ...faults, ...checkReplay(site.board)]);
}
