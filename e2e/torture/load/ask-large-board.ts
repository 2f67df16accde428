import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { initProject } from '../../../packages/core/src/index.ts';
import { startLoggedDaemon, UNEXAMINED } from '../logged-daemon.ts';
import type { Site } from '../site.ts';
import { Caller } from './client.ts';
import { type Filling, fillBoard } from './fill-board.ts';

/** What is asked of a board; the first time of each counts apart, since it reads what later ones know. */
const QUESTIONS: Readonly<Record<string, string>> = {
  'the board': '/board',
  'a page of tasks': '/tasks?limit=50',
  'a page of short tasks': '/tasks?limit=50&fields=id,title,status',
  'tasks by their last change': '/tasks?limit=50&sort=updated_at',
  'a tag that nothing has': '/tasks?limit=50&tag=none',
  'a search for a rare word': '/tasks?limit=50&search=4711',
  'a search for a word of all': '/tasks?limit=50&search=thing',
  'a page of events': '/events?limit=50',
  'the events of a task': '/events?task=T-007',
  labels: '/labels',
  'the graph': '/graph',
  metrics: '/metrics',
  projects: '',
};
const ROUNDS = 7;

/** Milliseconds: of the first answer, and the middle one of the later ones. */
export interface Times {
  first: number;
  later: number;
}

export interface LargeBoard {
  times: Record<string, Times>;
  database_mb: number;
  /** From the start of the daemon to its first answer about this board. */
  opening_ms: number;
  faults: string[];
}

/** Fills a board, registers more projects beside it, and asks everything of a fresh daemon. */
export async function askLargeBoard(
  site: Site,
  filling: Filling,
  projects: number,
): Promise<LargeBoard> {
  fillBoard(site.board, filling);
  for (let n = 1; n < projects; n++) {
    const root = join(site.folder, `beside-${n}`);
    mkdirSync(root);
    initProject(root, { data_dir: site.data_dir });
  }
  const faults: string[] = [];
  const began = performance.now();
  const daemon = await startLoggedDaemon(site, UNEXAMINED);
  const caller = new Caller(daemon.url, 'ada');
  const base = new URL(site.api(daemon)).pathname;
  await caller.ask('GET', base);
  const opening_ms = performance.now() - began;
  const times: Record<string, Times> = {};
  const time = async (name: string, ask: () => ReturnType<Caller['ask']>) => {
    const taken: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { status, ms, text } = await ask();
      taken.push(ms);
      if (status !== 200) faults.push(`${name}: ${status} ${text.slice(0, 200)}`);
    }
    const [first = Number.NaN, ...later] = taken;
    times[name] = { first, later: later.sort((a, b) => a - b)[later.length >> 1] ?? Number.NaN };
  };
  for (const [name, path] of Object.entries(QUESTIONS)) {
    await time(name, () => caller.ask('GET', path === '' ? '/api/projects' : base + path));
  }
  const pickUp = (wish: unknown) => () => caller.ask('POST', `${base}/tasks/pickup`, wish);
  await time('a pickup', pickUp({}));
  await time('a pickup of a rare tag', pickUp({ tags: ['area 36'] }));
  await time('a pickup that finds nothing', pickUp({ tags: ['none'] }));
  caller.close();
  daemon.kill('SIGTERM');
  await daemon.ended;
  return { times, database_mb: statSync(site.board).size / 2 ** 20, opening_ms, faults };
}
