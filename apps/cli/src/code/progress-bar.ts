import { isTerminal } from '../is-terminal.ts';
import type { Output } from '../output.ts';

export interface Progress {
  show(state: { done: number; total: number }): void;
  /** Takes the bar away. May be called more than once. */
  end(): void;
}

const WIDTH = 24;
/** A scan that is over sooner shows no bar. */
const PATIENCE_MS = 300;

/** A bar on stderr, for a person at a terminal. */
export function startProgress(output: Output): Progress {
  if (output.mode !== 'human' || !isTerminal(2)) return { show: () => {}, end: () => {} };
  const began = performance.now();
  let isShown = false;
  return {
    show({ done, total }) {
      if (total === 0 || performance.now() - began < PATIENCE_MS) return;
      isShown = true;
      const filled = Math.round((done / total) * WIDTH);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
      process.stderr.write(`\r${bar} ${done}/${total} files`);
    },
    end() {
      if (isShown) process.stderr.write('\r\x1b[K');
      isShown = false;
    },
  };
}
