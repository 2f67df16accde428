import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'doctor',
  summary: 'Look at everything that can be wrong, and say what mends it',
  details:
    'Looks at this machine and at the project that you stand in. Changes nothing, starts nothing and ' +
    'needs no server. Exit 1 when there are errors.',
  positionals: [],
  options: {},
  async run(_, context) {
    const { examine } = await import('../doctor/examine.ts');
    const findings = await examine(context);
    await context.output.print(findings, {
      human: async (safe) => (await import('../human/doctor.ts')).showFindings(safe),
    });
    return findings.some(({ level }) => level === 'error') ? 1 : 0;
  },
});
