import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { initProject } from '../../../packages/core/src/index.ts';
import { readLog, startLoggedDaemon } from '../logged-daemon.ts';
import { seededRandom } from '../random.ts';
import type { Site, SpawnedDaemon } from '../site.ts';
import { faultIn } from './check-answer.ts';
import { faultInShape, rawShapes, SMUGGLED, sendShape } from './raw-shapes.ts';
import { ENDPOINTS, type FuzzRequest, requests } from './requests.ts';
import { Sender } from './send.ts';

export interface FuzzOptions {
  requests: number;
  /** How often each raw shape is sent. */
  shapes: number;
  /** Connections that begin a request and send a byte of it now and then. */
  slow: number;
  seed: number;
  signal?: AbortSignal | undefined;
}

export interface FuzzFigures {
  requests: number;
  endpoints: number;
  accepted: number;
  refused: number;
  searches: number;
  raw_connections: number;
  slow_connections: number;
}

/** Requests under way at once. */
const CONNECTIONS = 32;
/** Made at once, with a seed of their own, so that not all lie in memory. */
const BATCH = 500;
/** The daemon answers most shapes at once; some it waits for, because more could come. */
const PATIENCE_MS = 250;

/** Throws every kind of request at a real daemon, and looks at each answer. */
export async function fuzzServer(
  site: Site,
  options: FuzzOptions,
): Promise<{ figures: FuzzFigures; faults: string[] }> {
  const daemon = await startLoggedDaemon(site);
  await prepare(site);
  const boards = emptyBoards(site);
  const faults: string[] = [];
  const slow = openSlowly(daemon, options.slow);
  const before = await identity(daemon);
  const tally = await sendAll({ site, daemon, boards, faults, options });
  const raw_connections = await sendShapes(site, daemon, options, faults);
  for (const socket of slow) socket.destroy();
  if ((await identity(daemon)) !== before)
    faults.push('the daemon is not the one that was started');
  await findSmuggled(site, daemon, faults);
  daemon.kill('SIGTERM');
  const { code } = await daemon.ended;
  if (code !== 0) faults.push(`the daemon ended with ${code}`);
  faults.push(...logFaults(site));
  return {
    figures: {
      endpoints: ENDPOINTS.length,
      ...tally,
      raw_connections,
      slow_connections: slow.length,
    },
    faults,
  };
}

/** A board with tasks and docs, and code with an index. */
async function prepare(site: Site): Promise<void> {
  const { root } = site;
  mkdirSync(join(root, 'src'));
  writeFileSync(
    join(root, 'src/a.ts'),
    "import { make } from './b.ts';\nexport class Thing { run() { return make(); } }\n",
  );
  writeFileSync(
    join(root, 'src/b.ts'),
    "import './a.ts';\n/** Makes it. */\nexport function make() { return 1; }\n",
  );
  await site.answer(['scan']);
  const batch = join(site.folder, 'batch.json');
  const tasks = Array.from({ length: 40 }, (_, n) => ({
    title: `task ${n}`,
    key: `k${n}`,
    ...(n > 20 ? { depends_on: [`k${n - 1}`] } : {}),
  }));
  writeFileSync(batch, JSON.stringify(tasks));
  await site.answer(['task', 'add', '--batch', batch]);
  await site.answer([
    'docs',
    'write',
    '--type',
    'learning',
    '--title',
    'a doc',
    '--body',
    'a body',
  ]);
}

/** Boards to import into: what is imported once is refused from then on. */
function emptyBoards({ folder, data_dir }: Site): string[] {
  return Array.from({ length: 5 }, (_, n) => {
    const root = join(folder, `empty-${n}`);
    mkdirSync(root);
    return initProject(root, { data_dir }).project.id;
  });
}

interface Run {
  site: Site;
  daemon: SpawnedDaemon;
  boards: string[];
  faults: string[];
  options: FuzzOptions;
}

type Tally = Pick<FuzzFigures, 'requests' | 'accepted' | 'refused' | 'searches'>;

async function sendAll({ site, daemon, boards, faults, options }: Run): Promise<Tally> {
  const sender = new Sender(daemon.url, CONNECTIONS);
  const arbitrary = requests([site.id], boards);
  const tally: Tally = { requests: 0, accepted: 0, refused: 0, searches: 0 };
  const sendOne = async (request: FuzzRequest) => {
    let answer = await sender.send(request);
    // A refusal may close a connection on which the next request was just sent.
    if (answer.status === 0) answer = await sender.send(request);
    tally.requests++;
    tally[answer.status < 400 ? 'accepted' : 'refused']++;
    if (/[?&](?:q|search)=/.test(request.url)) tally.searches++;
    const fault = faultIn(request, answer);
    if (fault !== undefined) faults.push(fault);
  };
  for (let batch = 0; tally.requests < options.requests; batch++) {
    options.signal?.throwIfAborted();
    const numRuns = Math.min(BATCH, options.requests - tally.requests);
    const queue = fc.sample(arbitrary, { seed: options.seed + batch, numRuns });
    const work = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await sendOne(next);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    if (faults.length > 20) break;
  }
  sender.close();
  return tally;
}

async function sendShapes(
  site: Site,
  daemon: SpawnedDaemon,
  { shapes: times, seed }: FuzzOptions,
  faults: string[],
): Promise<number> {
  const { port } = new URL(daemon.url);
  const random = seededRandom(seed);
  let count = 0;
  for (let time = 0; time < times; time++) {
    const shapes = rawShapes(site.id, Number(port), random);
    const answers = await Promise.all(
      shapes.map((shape) => sendShape(shape, Number(port), PATIENCE_MS)),
    );
    count += shapes.length;
    for (const [index, shape] of shapes.entries()) {
      const fault = faultInShape(shape, answers[index] ?? '');
      if (fault !== undefined) faults.push(fault);
    }
  }
  return count;
}

/** Whoever opens connections and says little must not keep others out. */
function openSlowly({ url }: SpawnedDaemon, count: number): Socket[] {
  const { port } = new URL(url);
  return Array.from({ length: count }, (_, n) => {
    const head = `POST /api/projects/x/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n`;
    const text = n % 2 === 0 ? head : `${head}\r\n${' '.repeat(1_000)}`;
    const socket = connect(Number(port), '127.0.0.1');
    let sent = 0;
    const drip = setInterval(() => socket.write(text[sent++ % text.length] ?? ''), 100);
    socket
      .on('error', () => undefined)
      .once('close', () => clearInterval(drip))
      .resume();
    return socket;
  });
}

async function identity({ url }: SpawnedDaemon): Promise<string> {
  const health = (await (await fetch(`${url}/health`)).json()) as { instance_id: string };
  return health.instance_id;
}

async function findSmuggled(site: Site, daemon: SpawnedDaemon, faults: string[]): Promise<void> {
  const found = await fetch(site.api(daemon, `/tasks?all=true&fields=title&search=${SMUGGLED}`));
  const { items } = (await found.json()) as { items: unknown[] };
  if (items.length > 0) faults.push(`${items.length} requests got in that were hidden in others`);
}

/** The log tells of what no answer shows. */
function logFaults(site: Site): string[] {
  return readLog(site)
    .filter(({ level }) => level === 'error' || level === 'fatal')
    .slice(0, 5)
    .map((line) => `the log says ${JSON.stringify(line).slice(0, 400)}`);
}
