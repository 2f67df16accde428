// A process of its own that picks up and finishes tasks until there are none: `drain-board.ts FILE AGENT`.
// It prints one line for each change, after the board has acknowledged it.
import { writeSync } from 'node:fs';
import { openDatabaseFile } from '../open-project.ts';

const [file = '', agent = ''] = process.argv.slice(2);
// Opened before the signal to begin, so that all processes begin at once.
const project = openDatabaseFile(file, { busy_timeout_ms: 20_000 });
process.once('message', () => {
  drain();
  project.close();
  process.disconnect();
});
process.send?.('ready');

function drain(): void {
  for (;;) {
    const { task } = project.tasks.pickUp({ agent });
    if (task === null) return;
    tell('pickup', task.id, task.claim);
    project.tasks.done(task.id, { agent, claim: task.claim });
    tell('done', task.id, task.claim);
  }
}

/** Written at once and whole: what a killed process has told is told. */
function tell(what: string, id: string, claim: number): void {
  writeSync(1, `${what} ${id} ${claim}\n`);
}
