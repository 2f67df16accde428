import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { createDatabase } from '../database/open-database.ts';
import { appendEvent } from '../events/append-event.ts';

export interface TemporaryContext extends Context {
  folder: string;
  [Symbol.dispose](): void;
}

/** A new board in a folder of its own, gone when disposed; each look at its clock is one second on. */
export function temporaryContext(): TemporaryContext {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-test-'));
  const options = { busy_timeout_ms: 5_000, auto_checkpoint: true };
  const db = createDatabase(join(folder, 'data.db'), options);
  let now = Date.UTC(2026, 0, 1);
  const clock = {
    now: () => {
      now += 1_000;
      return now;
    },
  };
  const ctx = { db, clock };
  db.transaction(() => {
    db.run(
      sqlBuilder.insertInto('projects').values({
        id: 'p',
        name: 'test',
        description: null,
        settings: '{}',
        created_at: '2026-01-01T00:00:00.000Z',
      }),
    );
    appendEvent(ctx, { action: 'project_created', detail: { name: [null, 'test'] }, by: {} });
  });
  return {
    ...ctx,
    folder,
    [Symbol.dispose]: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
