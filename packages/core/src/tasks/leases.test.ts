import { describe, expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';

describe('a lease', () => {
  test('that runs out is seen by readers at once and applied by the next write', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    board.clock.advance(60);
    expect(tasks.get('T-001')).toMatchObject({ status: 'in-progress', lease_expired: true });
    board.project.tick();
    expect(tasks.get('T-001')).toMatchObject({ status: 'open', assignee: null, expiries: 1 });
    expect(events.list({}).items[0]).toMatchObject({
      action: 'lease_expired',
      agent: null,
      detail: { holder: 'ada' },
    });
  });

  test('is pushed out by whatever its holder does', () => {
    using board = temporaryProject();
    const { tasks, agents } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    for (let n = 0; n < 5; n++) {
      board.clock.advance(50);
      if (n % 2 === 0) agents.touch('ada');
      else tasks.note('T-001', { agent: 'ada', body: 'still at it' });
    }
    expect(tasks.get('T-001')).toMatchObject({ status: 'in-progress', lease_expired: false });
  });

  test('is written at most once a second, without a new version', () => {
    using board = temporaryProject();
    const { tasks, agents } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    const { lease_expires_at, version } = tasks.get('T-001');
    board.clock.advance(0.5);
    agents.touch('ada');
    expect(tasks.get('T-001').lease_expires_at).toBe(lease_expires_at);
    board.clock.advance(0.5);
    agents.touch('ada');
    expect(tasks.get('T-001').lease_expires_at).not.toBe(lease_expires_at);
    expect(tasks.get('T-001').version).toBe(version);
  });

  test('that ran out three times parks the task for a person', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    for (const agent of ['ada', 'bob', 'cy']) {
      expect(tasks.pickUp({ agent, lease: 60 }).task?.id).toBe('T-001');
      board.clock.advance(61);
    }
    expect(tasks.pickUp({ agent: 'dan' }).task).toBeNull();
    expect(tasks.get('T-001')).toMatchObject({ status: 'blocked', expiries: 3 });
    expect(tasks.get('T-001').blocker_reason).toContain('cy');
    expect(tasks.unblock('T-001')).toMatchObject({ status: 'open', expiries: 0 });
  });

  test('that ran out still counts when a person acts on another task', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([{ title: 'one' }, { title: 'two' }]);
    tasks.pickUp({ agent: 'ada', id: 'T-002', lease: 60 });
    board.clock.advance(61);
    board.project.tick();
    tasks.update('T-002', { depends_on: ['T-001'] }, { agent: 'ada' });
    tasks.update('T-001', { status: 'done' });
    expect(tasks.get('T-002')).toMatchObject({ status: 'open', expiries: 1 });
  });

  test('of 0 lasts for ever', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 0 });
    board.clock.advance(365 * 86_400);
    board.project.tick();
    expect(tasks.get('T-001')).toMatchObject({ status: 'in-progress', lease_expires_at: null });
  });

  test('has the length that the project sets', () => {
    using board = temporaryProject();
    board.project.update({ settings: { lease_seconds: 90 } });
    board.project.tasks.create({ title: 'one' });
    const { task } = board.project.tasks.pickUp({ agent: 'ada' });
    expect(task?.lease_expires_at).toBe(new Date(board.clock.now() + 90_000).toISOString());
  });

  test('survives a sleep of the machine by five minutes, or its own length when shorter', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([{ title: 'long' }, { title: 'short' }]);
    tasks.pickUp({ agent: 'ada', lease: 7_200 });
    tasks.pickUp({ agent: 'bob', lease: 60 });
    board.clock.advance(8 * 3_600);
    board.project.graceLeases();
    board.clock.advance(59);
    board.project.tick();
    expect(tasks.get('T-002').status).toBe('in-progress');
    board.clock.advance(2);
    board.project.tick();
    expect(tasks.get('T-002').status).toBe('open');
    board.clock.advance(240);
    board.project.tick();
    expect(tasks.get('T-001').status).toBe('open');
  });

  test('lasts no longer than it was given for when the clock is set back', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    board.clock.advance(-3_600);
    board.project.graceLeases();
    board.clock.advance(61);
    board.project.tick();
    expect(tasks.get('T-001').status).toBe('open');
  });

  test('is extended by a heartbeat, which only its holder can give', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    const head = tasks.heartbeat('T-001', { agent: 'ada', lease: 600 });
    expect(head.lease_expires_at).toBe(new Date(board.clock.now() + 600_000).toISOString());
    expect(() => tasks.heartbeat('T-001', { agent: 'bob' })).toThrow(
      expect.objectContaining({ code: 'lost_claim' }),
    );
  });
});
