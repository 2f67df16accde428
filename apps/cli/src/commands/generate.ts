import { requireIndexPlace } from '../code/index-place.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'generate',
  summary: 'Tell agents of the board: AGENTS.md, GEMINI.md and a rule for Claude Code',
  details:
    'Keeps a marked block in each that says how to work with the board and the code index, and leaves ' +
    'the rest of the file alone. Run it after an upgrade; what is up to date is not written. `cpk init` does it too.',
  positionals: [],
  options: {},
  async run(_, context) {
    const { root } = requireIndexPlace(context);
    const { generate } = await import('../coordination/generate.ts');
    const done = generate(root, context.invocation.version);
    await context.output.print(done, {
      json: ({ written, left_alone }) => (left_alone.length === 0 ? { written } : done),
      human: async (safe) => (await import('../human/generate.ts')).showGenerated(safe),
    });
    return done.left_alone.length === 0 ? 0 : 1;
  },
});
