import type { ScanResult } from '@codepakt/contract';
import { HUMAN } from '@codepakt/contract/light';
import type { By } from '../context.ts';
import { eventChecksum } from '../events/event-checksum.ts';
import type { LeanConnection } from './lean-connection.ts';

/** Appends the event of a scan to a board. To be called inside a transaction. */
export function recordScan(
  board: LeanConnection,
  { files, parsed, removed, symbols, imports, duration_ms }: ScanResult,
  { agent, worktree }: By & { worktree?: string | undefined },
): void {
  const event = {
    task_id: null,
    doc_id: null,
    agent: agent ?? HUMAN,
    action: 'scan_completed',
    version: null,
    detail: JSON.stringify({ files, parsed, removed, symbols, imports, duration_ms, worktree }),
    created_at: new Date().toISOString(),
  };
  board.run(
    'INSERT INTO events (agent, action, detail, created_at, checksum) VALUES (?, ?, ?, ?, ?)',
    event.agent,
    event.action,
    event.detail,
    event.created_at,
    eventChecksum(event),
  );
}
