import type { Event } from '@codepakt/contract';
import { EVENT_ACTIONS } from '@codepakt/contract/light';
import { defineCommand } from '../command.ts';
import type { Board } from '../context.ts';
import { eventForm } from '../event-form.ts';
import { parseSince } from '../parse-since.ts';
import { PAGE_OPTIONS } from '../shared-options.ts';
import { terse } from '../terse.ts';
import { wrongUsage } from '../wrong-usage.ts';

export const command = defineCommand({
  name: 'events',
  summary: 'The audit trail, newest first; with -f as it happens',
  examples: [
    'cpk events --task T-001',
    'cpk events --since 2h --action task_complete',
    'cpk events -f',
  ],
  positionals: [],
  options: {
    task: { type: 'text', describe: 'of this task' },
    doc: { type: 'text', describe: 'of this doc' },
    agent: { type: 'text', describe: 'by this agent' },
    action: { type: 'list', choices: EVENT_ACTIONS, describe: 'of these actions' },
    since: { type: 'text', describe: 'not before: 2h, or a time like 2026-01-31T12:00Z' },
    after: { type: 'integer', describe: 'with greater numbers than this' },
    follow: { type: 'flag', short: 'f', describe: 'go on as it happens, oldest first' },
    full: { type: 'flag', describe: 'long texts whole' },
    ...PAGE_OPTIONS,
  },
  async run({ follow, since: given, doc, limit, cursor, full, ...filter }, context) {
    const form = full === true ? terse : eventForm;
    const since = given === undefined ? undefined : parseSince(given);
    const { client, params } = context.board();
    if (follow !== true) {
      const query = { ...filter, doc, limit, cursor, since };
      const { items, next_cursor } = await client.events.list({ params, query });
      await context.output.print<Event[]>(items, {
        json: (events) => events.map(form),
        human: async (safe) => (await import('../human/event.ts')).showEvents(safe),
      });
      context.output.more(next_cursor);
      return;
    }
    if (doc !== undefined || cursor !== undefined || limit !== undefined) {
      throw wrongUsage('--follow does not go with --doc, --cursor or --limit');
    }
    const { followEvents } = await import('../follow-events.ts');
    const after = filter.after ?? (await startOf(context.board(), since));
    for await (const event of followEvents(context, { ...filter, after })) {
      await context.output.print<Event>(event, {
        json: form,
        human: async (safe) => (await import('../human/event.ts')).showEvent(safe),
      });
    }
  },
});

/** The event before the first one to tell: the last of all, unless it is asked for older ones. */
async function startOf({ client, params }: Board, since: string | undefined): Promise<number> {
  const { last_event_id } = await client.board.status({ params });
  if (since === undefined) return last_event_id;
  const query = { since, order: 'asc', limit: 1 } as const;
  const [first] = (await client.events.list({ params, query })).items;
  return first === undefined ? last_event_id : first.id - 1;
}
