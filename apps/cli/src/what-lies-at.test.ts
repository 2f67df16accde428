import { expect, test } from 'vitest';
import { Workbench } from './testing/workbench.ts';

test('a path that is too long for any file leads to none, and is told of like any other', async () => {
  await using bench = await Workbench.withProject();
  const long = 'x'.repeat(5_000);
  bench.write('a.ts', 'export const a = 1;\n');
  await bench.ok(['scan']);
  for (const args of [
    ['task', 'list', '--project', long],
    ['task', 'list', '--project', `/${long}`],
    ['code', 'imports', 'a.ts', '--project', `/${long}`],
    ['task', 'add', '--batch', long],
    ['board', 'import', long],
    ['code', 'outline', long],
  ]) {
    const { code, error } = await bench.cpk(args);
    const { error: told } = error as { error: string };
    expect([args[0], code === 0]).toEqual([args[0], false]);
    expect(told).toMatch(/_not_found$/);
  }
});
