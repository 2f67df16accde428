import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../apps/cli/src/testing/free-port.ts';
import { callCpk, cpkEnvironment } from './call-cpk.ts';
import { checkStorm, type StormFigures } from './check-storm.ts';
import { daemonPid, endDaemon } from './daemons.ts';
import { type DriverJob, GAVE_UP } from './driver.ts';
import { keepExamining } from './examine-storm.ts';
import { type Random, seededRandom } from './random.ts';
import { stormBoard } from './storm-board.ts';

export interface StormOptions {
  /** The bundled `cpk.js`. */
  entry: string;
  tasks: number;
  dependencies: number;
  agents: number;
  /** How many daemons, each with a data directory of its own, serve the one board. */
  daemons: number;
  /** How often a daemon is killed; the next call starts it anew. */
  daemon_kills: number;
  lease_seconds: number;
  /** The same seed makes the same board and the same decisions; the scheduler still has its say. */
  seed: number;
  time_limit_ms: number;
  /** Ends everything early. */
  signal?: AbortSignal | undefined;
}

export interface StormReport {
  options: StormOptions;
  seconds: number;
  figures: StormFigures & Interference;
  /** What must not be, a sentence each; empty is what is wanted. */
  faults: string[];
  /** Where board and journals were left, when there are faults. */
  folder: string | undefined;
}

interface Interference {
  daemon_kills: number;
  /** How often the board was read through meanwhile. */
  examinations: number;
}

const AGENT = new URL('./storm-agent.ts', import.meta.url);
const PERSON = new URL('./storm-person.ts', import.meta.url);

/** So many lives has an agent; each time it dies it comes back under another name. */
const LIVES = 60;

interface Site {
  folder: string;
  root: string;
  journals: string;
  daemons: DriverJob['daemons'];
}

/** Lets agents, a person and `kill -9` loose on one board, until it is empty; then looks for faults. */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const site = await prepareSite(options.daemons);
  const faults: string[] = [];
  try {
    await makeBoard(options, site);
    const began = performance.now();
    const interference = await rage(options, site, faults);
    const seconds = (performance.now() - began) / 1_000;
    options.signal?.throwIfAborted();
    for (const { data_dir } of site.daemons) await endDaemon(data_dir, 'SIGTERM');
    const { figures, faults: found } = checkStorm(
      join(site.root, '.codepakt/data.db'),
      site.journals,
    );
    faults.push(...found);
    if (figures.tasks !== options.tasks) faults.push(`the board has ${figures.tasks} tasks`);
    const folder = faults.length === 0 ? undefined : site.folder;
    return { options, seconds, figures: { ...figures, ...interference }, faults, folder };
  } finally {
    for (const { data_dir } of site.daemons) await endDaemon(data_dir, 'SIGKILL');
    if (faults.length === 0) rmSync(site.folder, { recursive: true, force: true });
  }
}

async function prepareSite(count: number): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-storm-'));
  const root = join(folder, 'project');
  const journals = join(folder, 'journals');
  mkdirSync(root);
  mkdirSync(journals);
  const daemons = [];
  for (let index = 1; index <= count; index++) {
    daemons.push({ data_dir: join(folder, `data-${index}`), port: await freePort() });
  }
  return { folder, root, journals, daemons };
}

/** Registers the project in every data directory, and fills the board. The daemons start by themselves. */
async function makeBoard(options: StormOptions, { folder, root, daemons }: Site): Promise<void> {
  const { entry, tasks, dependencies, seed } = options;
  const batch = join(folder, 'batch.json');
  writeFileSync(batch, JSON.stringify(stormBoard(seededRandom(seed), tasks, dependencies)));
  for (const [index, { data_dir, port }] of daemons.entries()) {
    const env = cpkEnvironment({ CPK_DATA_DIR: data_dir, CPK_PORT: String(port) });
    const run = async (...args: string[]) => {
      const { code, stderr } = await callCpk({ entry, cwd: root, env, args });
      if (code !== 0) throw new Error(`cpk ${args[0]} failed: ${stderr}`);
    };
    await run('init');
    if (index === 0) await run('task', 'add', '--batch', batch);
  }
}

/** Resolves when all have found the board empty; answers what was done to it meanwhile. */
async function rage(options: StormOptions, site: Site, faults: string[]): Promise<Interference> {
  const { entry, lease_seconds, seed } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]);
  const deadline = Date.now() + options.time_limit_ms;
  const drive = (script: URL, name: string, seed: number) => {
    const { root, journals, daemons } = site;
    const journal = join(journals, `${name}.jsonl`);
    const job = { name, seed, entry, root, daemons, journal, lease_seconds, deadline };
    return runDriver(script, job, signal);
  };
  const live = async (index: number) => {
    for (let life = 1; life <= LIVES; life++) {
      const name = `agent-${index}.${life}`;
      const end = await drive(AGENT, name, seed + 1_000 * index + life);
      if (end === 'killed') continue;
      if (end !== 'through') faults.push(`${name} ended: ${end}`);
      return;
    }
    faults.push(`agent-${index} used up its ${LIVES} lives`);
  };
  const unblock = async () => {
    const end = await drive(PERSON, 'person', seed);
    if (end !== 'through') faults.push(`the person ended: ${end}`);
  };
  const kills = killDaemons(options.daemon_kills, site, seededRandom(seed), signal);
  const looks = keepExamining(join(site.root, '.codepakt/data.db'), signal, faults);
  const agents = Array.from({ length: options.agents }, (_, index) => live(index + 1));
  await Promise.all([...agents, unblock()]);
  over.abort();
  return { daemon_kills: await kills, examinations: await looks };
}

/** Runs one process of the storm to its end: `through`, `killed`, or what else became of it. */
async function runDriver(script: URL, job: DriverJob, signal: AbortSignal): Promise<string> {
  if (signal.aborted) return 'not begun';
  const child = fork(fileURLToPath(script), {
    // A group of its own, so that its calls of cpk can be ended with it.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let isEndedByUs = false;
  const end = () => {
    isEndedByUs = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', end, { once: true });
  child.send(job);
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null];
  signal.removeEventListener('abort', end);
  if (isEndedByUs) return 'the storm was broken off';
  if (code === 0) return 'through';
  if (killedBy === 'SIGKILL') return 'killed';
  return code === GAVE_UP ? 'out of time' : `exit code ${code}, signal ${killedBy}`;
}

async function killDaemons(
  count: number,
  { daemons }: Site,
  random: Random,
  signal: AbortSignal,
): Promise<number> {
  let killed = 0;
  while (killed < count && !signal.aborted) {
    await sleep(1_000 + random.below(3_000), undefined, { signal }).catch(() => {});
    const daemon = daemons[random.below(daemons.length)];
    const pid = daemon === undefined ? undefined : daemonPid(daemon.data_dir);
    if (pid === undefined || signal.aborted) continue;
    process.kill(pid, 'SIGKILL');
    killed++;
  }
  return killed;
}
