import { lostReason } from '@codepakt/api-client';
import type { PickupRequest, PickupResult } from '@codepakt/contract';
import { LIMITS } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import type { Board, Context } from '../../context.ts';
import { newKey } from '../../server-transport.ts';
import { CHANGE_OPTIONS, requireAgent } from '../../shared-options.ts';
import { pickupForm } from '../../task-forms.ts';

/** Nothing to pick up. */
const NOTHING = 5;

export const command = defineCommand({
  name: 'task pickup',
  summary: 'Claim the next task that is ready',
  details:
    'Prints {task, context, holding}; when there is none, {task: null, why}, and exits with 5.',
  examples: ['cpk task pickup --agent ada', 'cpk task pickup --wait 10m --tags backend'],
  positionals: [],
  options: {
    id: { type: 'text', describe: 'just this one' },
    epic: { type: 'text', describe: 'of this epic' },
    tags: { type: 'list', describe: 'with all of these tags' },
    capabilities: { type: 'list', describe: 'what this agent is able to' },
    lease: { type: 'duration', describe: 'how long without a sign of life; 0: for ever' },
    ignore_conflicts: { type: 'flag', describe: 'also what touches files that others work on' },
    wait: { type: 'duration', describe: 'until there is one, so long at most', implied: '60s' },
    ...CHANGE_OPTIONS,
  },
  async run({ wait, ignore_conflicts, full, key, ...request }, context) {
    requireAgent(context);
    const body = ignore_conflicts === true ? { ...request, avoid_conflicts: false } : request;
    const result = await pickUp(context, context.board(), body, wait ?? 0, key);
    await context.output.print(result, {
      json: full === true ? (all) => all : pickupForm,
      human: async (safe) => (await import('../../human/task.ts')).showPickup(safe),
    });
    return result.task === null ? NOTHING : 0;
  },
});

/** Between two calls that were lost, while there is time. */
const PAUSE_MS = 250;

/**
 * The server waits a minute at most, so a longer wait asks again, each time under a key of its own;
 * a call that was lost, over and over, is made again under the same key.
 */
async function pickUp(
  { interruption, output }: Context,
  { client, params }: Board,
  body: PickupRequest,
  wait: number,
  key: string | undefined,
): Promise<PickupResult> {
  if (wait === 0) return client.tasks.pickUp({ params, body }, { key });
  output.say('Waiting for a task; Ctrl-C ends it.');
  const end = Date.now() + wait * 1_000;
  const first = key ?? newKey();
  for (let round = 0; ; ) {
    const seconds = Math.min(LIMITS.wait, Math.max(0, Math.ceil((end - Date.now()) / 1_000)));
    try {
      const result = await client.tasks.pickUp(
        { params, query: { wait: seconds }, body },
        {
          key: round === 0 ? first : `${first}:${round}`,
          timeout_ms: (seconds + 30) * 1_000,
          signal: interruption(),
        },
      );
      if (result.task !== null || Date.now() >= end) return result;
      round += 1;
    } catch (error) {
      if (lostReason(error) !== 'lost' || Date.now() >= end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
