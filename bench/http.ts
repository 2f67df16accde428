import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillPath, routes } from '@codepakt/contract';
import { against, median, quantile, table } from './figures.ts';
import { fillBoard } from './fill-board.ts';
import type { LoadJob, LoadResult } from './http-load.ts';
import type { BenchOptions } from './options.ts';
import { cpuSeconds } from './process-cpu.ts';
import { Site } from './site.ts';
import { SqliteLoop } from './sqlite-loop.ts';

const LOADS = [
  { client: 'cpk', clients: 1 },
  { client: 'cpk', clients: 16 },
  { client: 'cpk', clients: 64 },
  { client: 'fetch', clients: 1 },
  { client: 'fetch', clients: 16 },
  { client: 'fetch', clients: 64 },
  { client: 'node:http', clients: 1 },
  { client: 'node:http', clients: 16 },
  { client: 'node:http', clients: 64 },
  { client: 'autocannon', clients: 16 },
  { client: 'autocannon', clients: 64 },
  { client: 'sockets', clients: 16 },
  { client: 'sockets', clients: 64 },
] as const;
const BAR = 0.5;

const LOAD = new URL('./http-load.ts', import.meta.url);
const BARE = new URL('./bare-fastify.ts', import.meta.url);
const FROM_SOURCE = ['--conditions=@codepakt/source'];

/** What a load found of one server. */
interface Served {
  /** Requests a second. */
  rate: number;
  /** Processor time of the server for each, in microseconds. */
  cpu_us: number;
  latencies: number[];
  /** How busy the process of the load was: at 1 it took all that a process can. */
  load: number;
}

interface Round {
  codepakt: Served;
  bare: Served;
  /** Pickups a second. */
  loop: number;
}

/** Pickups a second over HTTP, each on the disk before it is answered, beside what could be had at most. */
export async function main({ cpk, quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 1 : 5;
  const seconds = quick ? 1 : 3;
  await using site = await Site.open(cpk);
  const project = site.addProject('project');
  const loopBoard = databaseOf(site.addProject('loop').root);
  const open = Math.ceil((rounds + 1) * seconds * LOADS.length * 12_000);
  for (const file of [databaseOf(project.root), loopBoard]) {
    fillBoard(file, { open, priorities: 1 });
  }
  await site.startDaemon();
  using loop = new SqliteLoop(loopBoard);
  const path = fillPath(routes.tasks.pickUp.path, { project: project.id });
  const answer = JSON.parse(site.run(project.root, 'task', 'pickup', '--agent', 'a', '--full'));
  await using bare = await startBare(answer);

  const results: Round[][] = LOADS.map(() => []);
  // The first round is not counted: the write-ahead log grows to its size, and code gets warm.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, kind] of LOADS.entries()) {
      const job = { ...kind, path, seconds, round: `r${round}-${index}` };
      const measured = {
        bare: await load({ ...job, port: bare.port }, bare.pid),
        codepakt: await load({ ...job, port: site.port }, site.daemonPid),
        loop: loop.run(seconds / 2, kind.clients),
      };
      if (round > 0) results[index]?.push(measured);
    }
  }
  report(results, { rounds, seconds, statements: loop.statements });
}

function databaseOf(root: string): string {
  return join(root, '.codepakt/data.db');
}

interface Conditions {
  rounds: number;
  seconds: number;
  statements: number;
}

function report(results: readonly Round[][], { rounds, seconds, statements }: Conditions): void {
  const ratios: number[] = [];
  const rows = LOADS.map(({ client, clients }, index) => {
    const all = results[index] ?? [];
    const middle = (pick: (round: Round) => number) => median(all.map(pick));
    const latencies = all.flatMap((round) => round.codepakt.latencies);
    const ratio = middle(({ codepakt, bare }) => codepakt.rate / bare.rate);
    ratios.push(ratio);
    return [
      `${clients} × ${client}`,
      middle(({ codepakt }) => codepakt.rate).toFixed(0),
      middle(({ bare }) => bare.rate).toFixed(0),
      ratio.toFixed(2),
      middle(({ codepakt }) => codepakt.cpu_us).toFixed(0),
      middle(({ bare }) => bare.cpu_us).toFixed(0),
      percent(middle(({ codepakt }) => codepakt.load)),
      percent(middle(({ bare }) => bare.load)),
      middle(({ loop }) => loop).toFixed(0),
      middle(({ codepakt, loop }) => codepakt.rate / loop).toFixed(2),
      quantile(latencies, 0.5).toFixed(1),
      quantile(latencies, 0.99).toFixed(1),
    ];
  });
  console.log(
    `\nPickups a second over HTTP, durable (synchronous=FULL); medians of ${rounds} × ${seconds} s,` +
      ' interleaved; the load runs on the same machine',
  );
  const served = [
    'codepakt',
    'bare Fastify',
    'ratio',
    'CPU µs',
    'bare µs',
    'load %',
    'bare load %',
  ];
  console.log(table(['clients', ...served, 'SQLite loop', 'ratio', 'p50 ms', 'p99 ms'], rows));
  console.log(
    `The loop runs the ${statements} statements of a pickup, as many pickups to a commit as there are clients.`,
  );
  console.log('Where the load is near 100 %, not the server sets the pace: compare the CPU then.');
  for (const [index, { client, clients }] of LOADS.entries()) {
    const ratio = ratios[index] ?? Number.NaN;
    if (clients !== 16) continue;
    console.log(
      `16 clients of ${client}: ${ratio.toFixed(2)} of bare Fastify; ${against(ratio, BAR, 'at least')}`,
    );
  }
}

function percent(share: number): string {
  return (share * 100).toFixed(0);
}

async function load(job: LoadJob, server: number | undefined): Promise<Served> {
  const child = fork(fileURLToPath(LOAD), { execArgv: FROM_SOURCE });
  const before = cpuSeconds(server);
  child.send(job);
  const { seconds, latencies, busy } = await message<LoadResult>(child);
  return {
    rate: latencies.length / seconds,
    cpu_us: ((cpuSeconds(server) - before) * 1e6) / latencies.length,
    latencies,
    load: busy,
  };
}

interface Bare extends AsyncDisposable {
  port: number;
  pid: number | undefined;
}

async function startBare(answer: unknown): Promise<Bare> {
  const child = fork(fileURLToPath(BARE), { execArgv: FROM_SOURCE });
  child.send(answer as object);
  const port = await message<number>(child);
  return {
    port,
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** The one thing that a helper process tells. */
function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (told) => resolve(told as T));
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}`)));
  });
}
