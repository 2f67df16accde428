import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { Site } from '../site.ts';
import { attackFromBrowser } from './attack-from-browser.ts';
import { knockAtDoors } from './knock-at-doors.ts';
import { scanHostileRepository } from './scan-hostile-repository.ts';

// `pnpm torture intruders` tries more of the same.
const entry = join(inject('codepakt'), 'dist/cpk.js');

test('a page of another origin reads nothing and changes nothing, by whatever a browser can send', async () => {
  await using site = await Site.open({ entry });
  const { faults, figures } = await attackFromBrowser(site, { quick: true });
  expect(faults).toEqual([]);
  // They have really come to the door.
  expect(figures.requests_refused).toBeGreaterThan(figures.attacks / 2);
});

test('nobody gets in by an open binding, a guess or an odd path', async () => {
  await using site = await Site.open({ entry });
  const { faults, figures } = await knockAtDoors(site, { quick: true });
  expect(faults).toEqual([]);
  expect(figures.guesses_looked_at).toBeGreaterThan(0);
});

test('a repository made to do harm reads, runs and changes nothing outside of itself', async () => {
  await using site = await Site.open({ entry });
  expect((await scanHostileRepository(site, { quick: true })).faults).toEqual([]);
});
