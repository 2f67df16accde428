import type { ScanResult } from '@codepakt/contract';
import { HUMAN } from '@codepakt/contract/light';
import type { By } from '../context.ts';
import type { LeanConnection } from './lean-connection.ts';

/** Appends the event of a scan to a board. To be called inside a transaction. */
export function recordScan(
  board: LeanConnection,
  { files, parsed, removed, symbols, imports, duration_ms }: ScanResult,
  { agent, worktree }: By & { worktree?: string | undefined },
): void {
  const detail = { files, parsed, removed, symbols, imports, duration_ms, worktree };
  board.run(
    'INSERT INTO events (agent, action, detail, created_at) VALUES (?, ?, ?, ?)',
    agent ?? HUMAN,
    'scan_completed',
    JSON.stringify(detail),
    new Date().toISOString(),
  );
}
