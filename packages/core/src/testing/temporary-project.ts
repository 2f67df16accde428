import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlBuilder } from '../database/database.ts';
import { createDatabase } from '../database/open-database.ts';
import { appendEvent } from '../events/append-event.ts';
import { type OpenOptions, openDatabaseFile } from '../open-project.ts';
import type { Project } from '../project.ts';
import { ManualClock } from './manual-clock.ts';

export interface TemporaryProject {
  project: Project;
  clock: ManualClock;
  file: string;
  /** Another connection to the same board, as another process would have it. */
  reopen(options?: OpenOptions): Project;
  [Symbol.dispose](): void;
}

/** A board in a folder of its own, under a clock that stands still; both go when it is disposed. */
export function temporaryProject(): TemporaryProject {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-test-'));
  const file = join(folder, 'data.db');
  const clock = new ManualClock();
  const db = createDatabase(file, { busy_timeout_ms: 5_000, auto_checkpoint: true });
  const created_at = new Date(clock.now()).toISOString();
  db.transaction(() => {
    db.run(
      sqlBuilder
        .insertInto('projects')
        .values({ id: 'p', name: 'test', description: null, settings: '{}', created_at }),
    );
    appendEvent(
      { db, clock },
      { action: 'project_created', detail: { name: [null, 'test'] }, by: {} },
    );
  });
  db.close();
  const opened: Project[] = [];
  const reopen = (options: OpenOptions = {}) => {
    const project = openDatabaseFile(file, { clock, ...options });
    opened.push(project);
    return project;
  };
  return {
    project: reopen(),
    clock,
    file,
    reopen,
    [Symbol.dispose]: () => {
      for (const project of opened) project.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
