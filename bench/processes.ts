import { spawnSync } from 'node:child_process';

export interface Command {
  name: string;
  /** The arguments of its nth run: a pickup by another agent each time, say. */
  args: (run: number) => readonly string[];
  cwd?: string;
  /** Another program than this Node. */
  program?: string;
}

/**
 * Times whole processes, from before they are started until they have ended: each command once in
 * every round, beginning with another one each time, so that whatever the machine does besides
 * meets all of them. Answers milliseconds.
 */
export function timeProcesses(
  commands: readonly Command[],
  rounds: number,
  env: NodeJS.ProcessEnv,
): Map<string, number[]> {
  const times = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  // The first round only warms the caches of the disk.
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < commands.length; turn++) {
      const command = commands[(round + turn) % commands.length];
      if (command === undefined) continue;
      const ms = timeOnce(command, round, env);
      if (round > 0) times.get(command.name)?.push(ms);
    }
  }
  return times;
}

function timeOnce(
  { name, args, cwd, program }: Command,
  run: number,
  env: NodeJS.ProcessEnv,
): number {
  // What a run has to prepare is no part of it.
  const argv = args(run);
  const began = performance.now();
  const { status, stderr, error } = spawnSync(program ?? process.execPath, argv, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const ms = performance.now() - began;
  if (status === 0) return ms;
  throw new Error(`${name} ended with ${status}: ${error?.message ?? stderr}`);
}
