import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'mcp',
  summary: 'The same operations as tools for agents: an MCP server over stdio',
  details:
    'Started by an agent program, in or with --project for the folder of the project. Without --agent or CPK_AGENT, who acts is called after the program: give two of the same kind a name each.',
  examples: [
    'claude mcp add codepakt -- cpk mcp --agent ada',
    'codex mcp add codepakt -- cpk mcp --agent codex',
  ],
  positionals: [],
  options: {},
  async run(_, context) {
    const { serveMcp } = await import('../mcp/serve-mcp.ts');
    await serveMcp(context);
  },
});
