import { defineCommand } from '../../command.ts';
import { findSetting } from '../../find-setting.ts';

export const command = defineCommand({
  name: 'config get',
  summary: 'One setting',
  positionals: [{ name: 'name', describe: 'its name, from `cpk config show`' }],
  options: {},
  async run({ name }, context) {
    const value = await findSetting(name).get(context);
    await context.output.print(
      { [name]: value ?? null },
      { json: (shown) => shown, human: (safe) => String(safe[name] ?? '') },
    );
  },
});
