import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';
import { longestChain } from './graph.ts';

test('a task that many wait for is soon told, and so is an agent that holds many', () => {
  using board = temporaryProject();
  const sqlite = new Sqlite(board.file);
  sqlite.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO tasks (id, title, status, priority, assignee, unmet, created_at, updated_at)
      SELECT i, 'task', iif(i = 1, 'in-progress', 'backlog'), 1, 'ada', i > 1, '', '' FROM n;
    INSERT INTO task_dependencies SELECT id, 1 FROM tasks WHERE id > 1`);
  const began = Date.now();
  expect(board.project.board.graph().nodes[0]?.unblocks).toHaveLength(29_999);
  expect(Date.now() - began).toBeLessThan(2_000);
  sqlite.exec("UPDATE tasks SET status = 'in-progress'");
  sqlite.close();
  board.project.agents.touch('ada');
  const asked = Date.now();
  expect(board.project.agents.list()[0]?.tasks).toHaveLength(30_000);
  expect(Date.now() - asked).toBeLessThan(2_000);
});

test('the graph names who waits, what each task would open, and the longest chain', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([
    { key: 'a', title: 'a', epic: 'E' },
    { key: 'b', title: 'b', depends_on: ['a'] },
    { key: 'c', title: 'c', depends_on: ['a', 'b'] },
    { key: 'd', title: 'd', depends_on: ['a'], epic: 'E' },
  ]);
  tasks.cancel('T-004');
  const graph = board.project.board.graph();
  expect(graph.critical_path).toEqual(['T-001', 'T-002', 'T-003']);
  expect(graph.nodes.map(({ id, unblocks }) => [id, unblocks])).toEqual([
    ['T-001', ['T-002']],
    ['T-002', []],
    ['T-003', []],
  ]);
  expect(graph.edges).toContainEqual({ from: 'T-001', to: 'T-003' });
  tasks.update('T-001', { status: 'review' });
  expect(board.project.board.graph().critical_path).toEqual(['T-002', 'T-003']);
  const all = board.project.board.graph({ all: true, epic: 'E' });
  expect(all.nodes.map(({ id }) => id)).toEqual(['T-001', 'T-004']);
  expect(all.edges).toEqual([{ from: 'T-001', to: 'T-004' }]);
});

test('of a large board the critical path and the most urgent tasks are told, and how many are not', () => {
  using board = temporaryProject();
  const sqlite = new Sqlite(board.file);
  sqlite.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000)
    INSERT INTO tasks (id, title, status, priority, unmet, created_at, updated_at)
      SELECT i, 'task', iif(i > 6997, 'backlog', iif(i < 100, 'review', 'open')), i % 3, i > 6997, '', ''
      FROM n;
    INSERT INTO task_dependencies VALUES (6998, 6990), (6999, 6998), (7000, 6999)`);
  sqlite.close();
  const { nodes, edges, critical_path, left_out } = board.project.board.graph();
  expect([nodes.length, left_out]).toEqual([5_000, 2_000]);
  expect(critical_path).toEqual(['T-6990', 'T-6998', 'T-6999', 'T-7000']);
  expect(edges).toHaveLength(3);
  const ids = nodes.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(critical_path));
  expect(new Set(nodes.map(({ status }) => status))).toEqual(new Set(['open', 'backlog']));
  expect(nodes.filter(({ priority }) => priority === 'P0')).toHaveLength(2_300);
});

test('the longest chain is as long as a plain search finds it', () => {
  const edge = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  fc.assert(
    fc.property(
      fc.uniqueArray(edge, { maxLength: 20, selector: (e) => `${e.from}-${e.to}` }),
      (edges) => {
        const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        const depth = (id: number): number =>
          1 + Math.max(0, ...edges.filter(({ from }) => from === id).map(({ to }) => depth(to)));
        const longest = Math.max(...ids.map(depth));
        const chain = longestChain(ids, edges);
        expect(chain.length).toBe(longest === 1 ? 0 : longest);
        for (const [n, id] of chain.slice(1).entries()) {
          expect(edges).toContainEqual({ from: chain[n], to: id });
        }
      },
    ),
  );
});

test('a chain of 10,000 is found without recursion', () => {
  const ids = Array.from({ length: 10_000 }, (_, n) => n + 1);
  const edges = ids.slice(1).map((id) => ({ from: id - 1, to: id }));
  expect(longestChain(ids, edges)).toEqual(ids);
});
