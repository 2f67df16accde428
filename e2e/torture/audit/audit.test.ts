import { expect, test } from 'vitest';
import { installScriptsOf, shippedPackages } from './shipped-packages.ts';

// `pnpm torture audit` also asks the registry for known weaknesses.
test('what users install runs nothing when it is installed', () => {
  const installed = shippedPackages().filter(({ isInstalled }) => isInstalled);
  expect(installed.map(({ name }) => name)).toContain('better-sqlite3');
  expect(installed.filter((one) => installScriptsOf(one).length > 0)).toEqual([]);
});
