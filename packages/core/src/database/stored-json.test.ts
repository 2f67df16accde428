import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryProject } from '../testing/index.ts';
import { refusal } from '../testing/refusal.ts';

test('damaged text in a column is told as damage, not as a bug', () => {
  using board = temporaryProject();
  const { project, file } = board;
  project.tasks.create({ title: 'one', tags: ['parser'] });
  const sqlite = new Sqlite(file);
  sqlite.pragma('ignore_check_constraints = ON');
  sqlite.exec(`UPDATE tasks SET tags = '["parser'`);
  sqlite.close();
  const { code, message } = refusal(() => project.tasks.get('T-001'));
  expect([code, message]).toEqual(['database_damaged', expect.stringContaining('["parser')]);
});
