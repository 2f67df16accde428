import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'agent list',
  summary: 'Agents, what they hold, when they were last seen',
  positionals: [],
  options: {},
  async run(_, { board, output }) {
    const { client, params } = board();
    const { items } = await client.agents.list({ params });
    await output.print(items, {
      human: async (safe) => (await import('../../human/agent.ts')).showAgents(safe),
    });
  },
});
