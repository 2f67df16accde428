import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { replayTasks, toReplayed } from '../events/replay.ts';
import { type TemporaryProject, temporaryProject } from '../testing/temporary-project.ts';

const DRAIN = fileURLToPath(new URL('../testing/drain-board.ts', import.meta.url));
const PROCESSES = 5;
const TASKS = 120;

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

describe('several processes that open one database', { timeout: 60_000 }, () => {
  test('never get the same task', async () => {
    using board = boardOf(TASKS);
    const told = await drainTogether(board.file);
    const pickups = told.filter(({ what }) => what === 'pickup');
    expect(pickups.map(({ id }) => id).sort()).toEqual(idsOf(board));
    expect(new Set(pickups.map(({ agent }) => agent)).size).toBeGreaterThan(1);
    expect(board.project.board.status().counts.review).toBe(TASKS);
    checkHistory(board);
  });

  test('killed at any moment keep what was acknowledged, and every task stays with one of them', async () => {
    using board = boardOf(TASKS);
    const told = await drainTogether(board.file, (child, index) => {
      if (index === 0) return; // one lives on to empty the board
      setTimeout(() => child.kill('SIGKILL'), 30 * index);
    });
    const events = board.project.events.after(0, {}, 10_000);
    for (const { what, id, claim, agent } of told) {
      const action = what === 'pickup' ? 'task_pickup' : 'task_complete';
      const own = events.filter((event) => event.task_id === id && event.action === action);
      expect(own.map((event) => event.agent)).toEqual([agent]);
      expect(claim).toBe(1);
    }
    const { counts } = board.project.board.status();
    expect(counts.open).toBe(0);
    expect(counts['in-progress']).toBeLessThan(PROCESSES);
    // What is left waits for what the dead ones held: at most the rest of a chain each.
    expect(counts.backlog).toBeLessThanOrEqual(4 * counts['in-progress']);
    checkHistory(board);
  });
});

interface Told {
  agent: string;
  what: string;
  id: string;
  claim: number;
}

/** Lets every process loose at the same moment; answers what they were told, in no order. */
async function drainTogether(
  file: string,
  begun: (child: ChildProcess, index: number) => void = () => {},
): Promise<Told[]> {
  const children = Array.from({ length: PROCESSES }, (_, index) => start(file, `agent-${index}`));
  await Promise.all(children.map(({ child }) => once(child, 'message')));
  for (const [index, { child }] of children.entries()) {
    child.send('go');
    begun(child, index);
  }
  const told = await Promise.all(children.map(({ told }) => told));
  return told.flat();
}

function start(file: string, agent: string): { child: ChildProcess; told: Promise<Told[]> } {
  const child = fork(DRAIN, [file, agent], {
    execArgv: ['--conditions=@codepakt/source'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  running.add(child);
  return { child, told: listen(child, agent) };
}

async function listen(child: ChildProcess, agent: string): Promise<Told[]> {
  if (child.stdout === null) throw new Error('the process has no output');
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  running.delete(child);
  if (signal !== 'SIGKILL') expect(code).toBe(0);
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [what = '', id = '', claim = ''] = line.split(' ');
      return { agent, what, id, claim: Number(claim) };
    });
}

function boardOf(count: number): TemporaryProject {
  const board = temporaryProject();
  board.project.tasks.createBatch(
    Array.from({ length: count }, (_, index) => ({
      title: `task ${index}`,
      // Chains of five: finishing one opens the next.
      key: `${index}`,
      depends_on: index % 5 === 0 ? [] : [`${index - 1}`],
    })),
  );
  return board;
}

function idsOf({ project }: TemporaryProject): string[] {
  const { items } = project.tasks.list({ all: true, sort: 'id', limit: 500, fields: ['id'] });
  return items.map(({ id }) => id ?? '').sort();
}

/** The events explain every task, and the file is sound. */
function checkHistory({ project, file }: TemporaryProject): void {
  const replayed = replayTasks(project.events.after(0, {}, 10_000));
  for (const [id, task] of replayed) expect(toReplayed(project.tasks.get(id))).toEqual(task);
  expect(replayed.size).toBe(TASKS);
  const sqlite = new Sqlite(file, { readonly: true });
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  sqlite.close();
}
