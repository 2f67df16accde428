import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import {
  type TemporaryProject,
  temporaryProject,
} from '../../../packages/core/src/testing/index.ts';
import { checkBoard, checkReplay } from './check-board.ts';
import { Ledger } from './ledger.ts';

/** A board on which one client has added tasks, and what it was told. */
class SmallCrash implements Disposable {
  readonly board: TemporaryProject = temporaryProject();
  readonly ledger = new Ledger();

  /** Asks for a task, which is added; `isHeard`: and the answer arrives. */
  add(key: string, isHeard = true): void {
    const { project } = this.board;
    const asked = this.note(key);
    const create = () => project.tasks.create({ title: key });
    const answer = project.write(() => project.once(key, 'print', create));
    if (isHeard) this.ledger.answered(asked, answer);
  }

  note(key: string, marks = 1) {
    return this.ledger.note({
      key,
      method: 'POST',
      path: '/tasks',
      agent: undefined,
      body: {},
      marks,
    });
  }

  /** Changes the board as codepakt never would. */
  forge(sql: string): void {
    const sqlite = new DatabaseSync(this.board.file);
    sqlite.exec('PRAGMA foreign_keys = OFF');
    sqlite.exec('DROP TRIGGER IF EXISTS events_stay');
    sqlite.exec(sql);
    sqlite.close();
  }

  get faults(): string {
    return checkBoard(this.board.file, this.ledger).faults.join('\n');
  }

  [Symbol.dispose](): void {
    this.board[Symbol.dispose]();
  }
}

describe('the check after a crash', () => {
  test('finds nothing where every answer is there once, and counts what nobody heard of', () => {
    using crash = new SmallCrash();
    crash.add('c1.0:1');
    crash.add('c1.0:2', false);
    crash.note('c1.0:3');
    expect(checkBoard(crash.board.file, crash.ledger)).toEqual({ faults: [], unheard: 1 });
    expect(checkReplay(crash.board.file)).toEqual([]);
  });

  test('finds an answer that is lost', () => {
    using crash = new SmallCrash();
    crash.ledger.answered(crash.note('c1.0:1'), { id: 'T-001' });
    expect(crash.faults).toContain('lost: c1.0:1');
  });

  test('finds an effect that is there twice, half, or without its key', () => {
    using crash = new SmallCrash();
    crash.add('c1.0:1');
    crash.board.project.tasks.create({ title: 'c1.0:1' });
    expect(crash.faults).toContain('2 events instead of 1: c1.0:1');
    crash.note('c1.0:2', 3);
    crash.board.project.tasks.create({ title: 'c1.0:2#1' });
    expect(crash.faults).toContain('there, but not under its key: c1.0:2');
  });

  test('finds what nobody asked for', () => {
    using crash = new SmallCrash();
    crash.board.project.tasks.create({ title: 'c9.0:1' });
    expect(crash.faults).toContain('nobody asked for what c9.0:1 did');
  });

  test('finds an answer that is kept otherwise than it was given', () => {
    using crash = new SmallCrash();
    crash.add('c1.0:1');
    crash.forge(`UPDATE idempotency_keys SET response = '{"id":"T-009"}'`);
    expect(crash.faults).toContain('kept otherwise than it was answered: c1.0:1');
  });

  test('finds a task that is not what its events tell, and a reference that leads nowhere', () => {
    using crash = new SmallCrash();
    crash.add('c1.0:1');
    crash.forge("UPDATE tasks SET title = 'another'");
    expect(checkReplay(crash.board.file)).toEqual(['T-001 is not what its events tell']);
    crash.forge("INSERT INTO task_notes (task_id, body, created_at) VALUES (7, 'x', '2026')");
    expect(crash.faults).toContain('a reference leads nowhere');
  });
});
