// A process of its own that runs `initProject`: `init-child.ts FOLDER DATA_DIR [DIE_AT]`. It prints
// the result or the error's code as JSON; with DIE_AT it kills itself when it asks the time for the
// so-manieth time.
import { writeSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract';
import { initProject } from '../init-project.ts';

const [folder = '', data_dir = '', dieAt = '0'] = process.argv.slice(2);
let looks = 0;
const clock = {
  now: () => {
    looks++;
    if (looks === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
    return Date.now();
  },
};
try {
  const prd = { title: 'PRD', body: 'What it is to be.' };
  say(initProject(folder, { data_dir, clock, prd }));
} catch (error) {
  if (!(error instanceof CodepaktError)) throw error;
  say({ error: error.code, message: error.message });
}

function say(value: unknown): void {
  writeSync(1, JSON.stringify(value));
}
