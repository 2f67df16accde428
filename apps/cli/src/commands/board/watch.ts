import { setTimeout as sleep } from 'node:timers/promises';
import { boardForm } from '../../board-form.ts';
import { defineCommand } from '../../command.ts';
import { followEvents } from '../../follow-events.ts';
import { isTerminal } from '../../is-terminal.ts';

/** Changes that come together are shown together. */
const SETTLE_MS = 100;
/** On a terminal it says how long ago something was, also when nothing happens. */
const TICK_MS = 2_000;

export const command = defineCommand({
  name: 'board watch',
  summary: 'The board, live, until Ctrl-C',
  details: 'As JSON: a line at the start and after each change.',
  positionals: [],
  options: {},
  async run(_, context) {
    const { client, params } = context.board();
    const { output } = context;
    const ask = () => client.board.status({ params });
    let status = await ask();
    const show = () =>
      output.print(status, {
        json: boardForm,
        human: async (safe) => (await import('../../human/watch.ts')).showFrame(safe),
      });
    const draw = async () => {
      status = await ask();
      await show();
    };
    await show();
    // A terminal that is gone is told of where the next change is drawn.
    if (output.mode === 'human' && isTerminal(1)) {
      setInterval(() => void show().catch(() => undefined), TICK_MS).unref();
    }
    for await (const event of followEvents(context, { after: status.last_event_id }, draw)) {
      if (event.id <= status.last_event_id) continue;
      await sleep(SETTLE_MS);
      await draw();
    }
  },
});
