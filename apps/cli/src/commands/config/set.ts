import { defineCommand } from '../../command.ts';
import { findSetting } from '../../find-setting.ts';

export const command = defineCommand({
  name: 'config set',
  summary: 'Change a setting; an empty value takes it back',
  examples: ['cpk config set lease_seconds 30m', 'cpk config set port 5000'],
  positionals: [
    { name: 'name', describe: 'its name, from `cpk config show`' },
    { name: 'value', describe: 'its value', empty: true },
  ],
  options: {},
  async run({ name, value }, context) {
    const setting = findSetting(name);
    await setting.set(value, context);
    const now = await setting.get(context);
    await context.output.print(
      { [name]: now ?? null },
      { json: (shown) => shown, human: (safe) => `${name} is ${safe[name] ?? 'not set'} now` },
    );
  },
});
