import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: '',
  summary: 'What cpk is, the state here, and the next command',
  positionals: [],
  options: {},
  async run(_, context) {
    const { lookAround } = await import('../look-around.ts');
    await context.output.print(await lookAround(context), {
      human: async (safe) => (await import('../human/surroundings.ts')).showSurroundings(safe),
    });
  },
});
