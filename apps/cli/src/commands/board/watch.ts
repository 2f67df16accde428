import { setTimeout as sleep } from 'node:timers/promises';
import { boardForm } from '../../board-form.ts';
import { defineCommand } from '../../command.ts';
import { followEvents } from '../../follow-events.ts';

/** Changes that come together are shown together. */
const SETTLE_MS = 100;

export const command = defineCommand({
  name: 'board watch',
  summary: 'The board, live, until Ctrl-C',
  details: 'As JSON: a line at the start and after each change.',
  positionals: [],
  options: {},
  async run(_, context) {
    const { client, params } = context.board();
    const { output } = context;
    let shown = 0;
    const draw = async () => {
      const status = await client.board.status({ params });
      await output.print(status, {
        json: boardForm,
        human: async (safe) => (await import('../../human/watch.ts')).showFrame(safe),
      });
      shown = status.last_event_id;
    };
    await draw();
    for await (const event of followEvents(context, { after: shown }, draw)) {
      if (event.id <= shown) continue;
      await sleep(SETTLE_MS);
      await draw();
    }
  },
});
