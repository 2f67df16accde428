import type { BoardStatus } from '@codepakt/contract';
import { showBoard } from './board.ts';
import { colours } from './colour.ts';

/** One picture of the live board: on a terminal in place of the one before, else below it. */
export function showFrame(status: BoardStatus): string {
  const time = new Date().toLocaleTimeString();
  const text = `${showBoard(status)}\n\n${colours.dim(`${time}, Ctrl-C ends`)}`;
  if (process.stdout.isTTY !== true) return text;
  const rows = text.split('\n').slice(0, process.stdout.rows || undefined);
  // Home, each line cleared behind its text, the rest of the screen cleared: no flicker.
  return `\u001b[H${rows.map((row) => `${row}\u001b[K`).join('\n')}\u001b[J`;
}
