import type { BoardStatus } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import type { Context } from './context.ts';
import { readDaemonState } from './daemon/daemon-state.ts';

/** The state where a command stands, as far as it can be told without changing anything. */
export interface Surroundings {
  about: string;
  version: string;
  agent: string | undefined;
  /** The folder with the board; undefined where there is none. */
  project: string | undefined;
  server: 'running' | 'not running';
  board: Pick<BoardStatus, 'project' | 'total' | 'counts' | 'held'> | undefined;
  /** The ids of the agent's tasks in progress. */
  holding: string[];
  /** What is wrong with the board here. */
  problem: string | undefined;
  /** The command to go on with. */
  next: string;
}

const ABOUT =
  'A board and code index that several coding agents share. cpk --help lists the commands.';

/** Looks at what is there; neither starts the daemon nor registers anything. */
export async function lookAround(context: Context): Promise<Surroundings> {
  const { invocation, agent, place, data_dir, address } = context;
  const isRunning = !address.is_own || readDaemonState(data_dir) !== undefined;
  const seen: Surroundings = {
    about: ABOUT,
    version: invocation.version,
    agent,
    project: place?.root ?? place?.id,
    server: isRunning ? 'running' : 'not running',
    board: undefined,
    holding: [],
    problem: undefined,
    next: 'cpk init',
  };
  if (place === undefined) return seen;
  if (!isRunning) return { ...seen, next: 'cpk board status' };
  try {
    const { client, params } = context.board();
    const { project, total, counts, held, agents } = await client.board.status({ params });
    const holding = agents.find(({ name }) => name === agent)?.tasks.map(({ id }) => id) ?? [];
    const board = { project, total, counts, held };
    return { ...seen, board, holding, next: nextStep(board, agent, holding) };
  } catch (error) {
    if (!(error instanceof CodepaktError)) throw error;
    return { ...seen, problem: error.message, next: nextAfter(error) };
  }
}

function nextStep(
  { total, counts }: Pick<BoardStatus, 'total' | 'counts'>,
  agent: string | undefined,
  holding: readonly string[],
): string {
  if (total === 0) return 'cpk task add "The first thing to do"';
  if (holding[0] !== undefined) return `cpk task show ${holding[0]}`;
  if (agent !== undefined) return counts.open > 0 ? 'cpk task pickup' : 'cpk task list';
  return counts.review > 0 ? 'cpk task list --status review' : 'cpk task list';
}

function nextAfter({ code }: CodepaktError): string {
  return code === 'project_not_found' ? 'cpk init' : 'cpk server status';
}
