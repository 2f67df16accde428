import { attackFromBrowser } from './intruders/attack-from-browser.ts';
import { knockAtDoors } from './intruders/knock-at-doors.ts';
import { scanHostileRepository } from './intruders/scan-hostile-repository.ts';
import type { Part } from './part.ts';
import { Site } from './site.ts';

/** Whoever is not to come in: pages in a browser, guesses, odd paths, and what comes with a repository. */
export const part: Part = {
  summary:
    'pages of other origins, guessed tokens, paths that lead out, a repository made to do harm',
  async run({ entry }) {
    const faults: string[] = [];
    const figures: Record<string, number> = {};
    for (const attempt of [attackFromBrowser, knockAtDoors, scanHostileRepository]) {
      await using site = await Site.open({ entry });
      const report = await attempt(site);
      Object.assign(figures, report.figures);
      faults.push(...report.faults);
    }
    return { figures, faults };
  },
};
