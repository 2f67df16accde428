import { defineCommand } from '../command.ts';
import { CHANGE_OPTIONS } from '../shared-options.ts';
import { changeForm } from '../task-forms.ts';
import { terse } from '../terse.ts';

export const command = defineCommand({
  name: 'undo',
  summary: 'Make the opposite change of one event, as a change of its own',
  examples: ['cpk events --task T-001', 'cpk undo 17'],
  positionals: [{ name: 'event', describe: 'its number, from `cpk events`' }],
  options: CHANGE_OPTIONS,
  async run({ event: id, full, key }, context) {
    const { client, params } = context.board();
    const result = await client.events.undo({ params: { ...params, id } }, { key });
    await context.output.print(result, {
      json:
        full === true
          ? terse
          : ({ event, task }) => ({
              ...(task === null ? {} : (changeForm(task) as object)),
              event: event.id,
              action: event.action,
              ...(event.doc_id === null ? {} : { doc_id: event.doc_id }),
            }),
      human: async ({ event, task }) => {
        const { showEvent } = await import('../human/event.ts');
        const { showChange } = await import('../human/task.ts');
        return task === null ? showEvent(event) : `${showChange(task)}\n${showEvent(event)}`;
      },
    });
  },
});
