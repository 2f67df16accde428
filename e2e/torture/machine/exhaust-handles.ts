import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { inWords, type Said, send } from './api.ts';
import type { Size } from './machine.ts';

/** How many files a daemon may have open; it starts with some 25. Each makes another file the last one. */
const HANDLES: Record<Size, readonly number[]> = {
  short: [42],
  usual: [45, 50, 55],
  full: Array.from({ length: 12 }, (_, index) => 44 + index),
};
const PROJECTS: Record<Size, number> = { short: 7, usual: 12, full: 16 };
const SOCKETS = 100;

/**
 * A daemon that may open few files is asked for more boards than that allows, and called by more
 * clients: it says so, goes on with what it has, and takes up the rest as soon as there is room.
 */
export async function exhaustHandles(attempt: Attempt, size: Size): Promise<void> {
  await using site = await Site.open({ entry: attempt.entry });
  const others: Site[] = [];
  for (let n = 1; n < PROJECTS[size]; n++) others.push(await site.beside(`beside-${n}`));
  for (const handles of HANDLES[size]) {
    if (!attempt.signal.aborted) await withHandles(attempt, handles, site, others);
  }
}

async function withHandles(
  { tally }: Attempt,
  handles: number,
  site: Site,
  others: readonly Site[],
): Promise<void> {
  const what = `${handles} handles`;
  const daemon = await site.startDaemon({ before: `ulimit -n ${handles}` });
  const expectWritten = async (title: string) => {
    const said = await sendInTime(`${site.api(daemon)}/tasks`, { title });
    tally.expect(what, said.status === 201, `${title}: ${inWords(said)}`);
  };
  const readAll = async () => {
    const said = await Promise.all(others.map((other) => sendInTime(`${other.api(daemon)}/board`)));
    // Served, or told that there are too many; never that a board is not there.
    for (const answer of said) {
      tally.expect(what, answer.status === 200 || answer.code === 'busy', inWords(answer));
    }
    return said.filter(({ status }) => status !== 200).length;
  };
  await expectWritten('first');
  tally.count('boards refused for want of handles', await readAll());
  await expectWritten('while none is left');
  const sockets = await openSockets(daemon.url);
  // Long enough for the daemon to look after its boards.
  await sleep(1_200);
  for (const socket of sockets) socket.destroy();
  await sleep(200);
  await expectWritten('afterwards');
  tally.count('daemons with too few handles');
  daemon.kill('SIGTERM');
  const { code, stderr } = await daemon.ended;
  tally.expect(what, code === 0, `the daemon ended with ${code}: ${stderr}`);
}

/** A connection for which no handle is left is closed by the kernel; the next one may find one. */
async function sendInTime(url: string, body?: unknown): Promise<Said> {
  for (let tries = 1; ; tries++) {
    try {
      return await send(url, body === undefined ? {} : { body });
    } catch (error) {
      if (!(error instanceof TypeError) || tries === 50) throw error;
      await sleep(200);
    }
  }
}

async function openSockets(url: string): Promise<Socket[]> {
  const { port, hostname } = new URL(url);
  return Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      const socket = connect(Number(port), hostname);
      // Those that are one too many are closed at once.
      socket.on('error', () => undefined);
      await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), sleep(500)]);
      return socket;
    }),
  );
}
