import { addressOf, endingOf, Site } from '../site.ts';
import type { Attempt } from '../tally.ts';

/** The exit code of a server that finds another in its place. */
const CONFLICT = 4;
const PATIENCE_MS = 60_000;

/** Two daemons are started on one data directory at the same instant: one serves, the other says so and leaves. */
export async function startTwice(attempt: Attempt, times: number): Promise<void> {
  const { entry, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  for (let round = 1; round <= times && !signal.aborted; round++) {
    tally.count('two daemons started at once');
    tally.blame(`double start ${round}`, await startBoth(site));
  }
}

async function startBoth(site: Site): Promise<string[]> {
  const both = [0, 1].map(() => {
    const child = site.spawn(['server', 'run']);
    const address = addressOf(child);
    return { child, address, ended: endingOf(child) };
  });
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, PATIENCE_MS, 'late').unref());
  const loser = await Promise.race([...both.map(({ ended }) => ended), late]);
  if (loser === 'late') return ['neither has left'];
  const winner = both.find(({ child }) => child.exitCode === null);
  if (winner === undefined) return [`both have left: ${loser.stderr}`];
  const faults: string[] = [];
  if (loser.code !== CONFLICT || !loser.stderr.includes('already_running')) {
    faults.push(`the second ended with ${loser.code}: ${loser.stderr}`);
  }
  const url = await Promise.race([winner.address, late]);
  const health = url === 'late' ? undefined : await fetch(`${url}/health`);
  if (health?.status !== 200) faults.push('the first does not serve');
  winner.child.kill('SIGTERM');
  const { code } = await winner.ended;
  if (code !== 0) faults.push(`the first ended with ${code}`);
  return faults;
}
