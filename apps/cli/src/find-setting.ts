import { SETTINGS, type Setting } from './settings-table.ts';
import { guess, wrongUsage } from './wrong-usage.ts';

/** @throws CodepaktError `wrong_usage` naming the nearest setting */
export function findSetting(name: string): Setting {
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (setting !== undefined) return setting;
  const names = Object.keys(SETTINGS);
  throw wrongUsage(
    `there is no setting ${JSON.stringify(name)}${guess(name, names)}`,
    `There are: ${names.join(', ')}`,
  );
}
