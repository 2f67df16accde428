import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initProject, openDatabaseFile, type Project } from '@codepakt/core';
import { against, median, quantile, table } from './figures.ts';
import { fillBoard } from './fill-board.ts';
import type { BenchOptions } from './options.ts';

/** Open tasks; as many again are done or wait. */
const SIZES = [100, 1_000, 10_000, 100_000, 1_000_000];
const BAR = 0.8;

/** So many agents pick up at once, in one commit, and hand in before they pick up again. */
const AGENTS = 25;
const TURNS = 4;

interface Board {
  size: number;
  project: Project;
  /** Microseconds of one pickup in each turn, its share of the commit included. */
  times: number[];
}

/** What a pickup costs on boards of different sizes, in the process that asks, durable. */
export async function main({ quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 20 : 120;
  const sizes = quick ? SIZES.slice(0, -1) : SIZES;
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-bench-'));
  const boards = sizes.map((size) => makeBoard(folder, size));
  try {
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < boards.length; turn++) {
        const board = boards[(round + turn) % boards.length];
        // The first tenth only warms up.
        if (board !== undefined) play(board, round >= rounds / 10);
      }
    }
    report(boards, rounds);
  } finally {
    for (const { project } of boards) project.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeBoard(folder: string, size: number): Board {
  const root = join(folder, String(size));
  mkdirSync(root);
  initProject(root, { data_dir: join(folder, 'data') });
  const file = join(root, '.codepakt/data.db');
  fillBoard(file, { open: size, done: size / 2, waiting: size / 2 });
  return { size, project: openDatabaseFile(file, { auto_checkpoint: false }), times: [] };
}

/** Some turns on one board: pickups, which are timed, and then what keeps it as full as it was. */
function play({ project, times }: Board, counts: boolean): void {
  const names = Array.from({ length: AGENTS }, (_, index) => `agent-${index}`);
  for (let turn = 0; turn < TURNS; turn++) {
    const began = performance.now();
    const picked = project.writeAll(
      names.map((agent) => () => project.tasks.pickUp({ agent }).task?.id),
    );
    const us = ((performance.now() - began) * 1_000) / AGENTS;
    if (counts) times.push(us);
    project.writeAll(picked.map((settled) => () => replace(project, settled)));
  }
  project.checkpoint();
}

function replace({ tasks }: Project, picked: { ok: boolean; value?: unknown }): void {
  if (!picked.ok || typeof picked.value !== 'string') throw new Error('nothing picked up');
  tasks.done(picked.value);
  tasks.create({ title: `In place of ${picked.value}`, priority: 'P0' });
}

function report(boards: readonly Board[], rounds: number): void {
  const rateOf = (board: Board | undefined) => 1e6 / median(board?.times ?? []);
  const thousand = rateOf(boards.find(({ size }) => size === 1_000));
  console.log(
    `\nPickups by the size of the board, in process, ${AGENTS} to a commit (synchronous=FULL);` +
      ` medians of ${rounds * TURNS} commits, interleaved`,
  );
  const rows = boards.map((board) => [
    board.size.toLocaleString('en'),
    board.size.toLocaleString('en'),
    rateOf(board).toFixed(0),
    (rateOf(board) / thousand).toFixed(2),
    median(board.times).toFixed(0),
    quantile(board.times, 0.99).toFixed(0),
  ]);
  console.log(
    table(['open tasks', 'done or waiting', 'pickups/s', 'to 1,000', 'µs', 'p99 µs'], rows),
  );
  const million = boards.find(({ size }) => size === 1_000_000);
  if (million === undefined) return;
  const ratio = rateOf(million) / thousand;
  console.log(`a million: ${ratio.toFixed(2)} of a thousand; ${against(ratio, BAR, 'at least')}`);
}
