import { defineCommand } from '../../command.ts';
import { toJson } from '../../output.ts';
import { terse } from '../../terse.ts';

export const command = defineCommand({
  name: 'task graph',
  summary: 'What depends on what, the critical path, and what each task would unblock',
  positionals: [],
  options: {
    format: {
      type: 'text',
      choices: ['text', 'mermaid', 'dot', 'json'],
      describe: 'text for people, json for programs unless told',
    },
    epic: { type: 'text', describe: 'of this epic' },
    all: { type: 'flag', describe: 'done and cancelled ones too' },
  },
  async run({ format, ...query }, { board, output }) {
    const { client, params } = board();
    const graph = await client.board.graph({ params, query });
    const form = format ?? (output.mode === 'json' ? 'json' : 'text');
    if (form === 'json') {
      output.write(toJson(terse(graph)));
      return;
    }
    const { neutralize } = await import('../../human/neutralize.ts');
    const { showGraph } = await import('../../human/graph.ts');
    output.write(showGraph(neutralize(graph), form));
  },
});
