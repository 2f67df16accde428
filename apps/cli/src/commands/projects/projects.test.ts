import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Workbench } from '../../testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Listed {
  id: string;
  name: string;
  path: string;
  hosted?: true;
  available: boolean;
}

test('a project goes to the trash and comes back, while the server runs', async () => {
  await using bench = await Workbench.withProject();
  const other = join(bench.folder, 'other');
  mkdirSync(other);
  await bench.ok(['init', '--hosted', '--name', 'far'], { cwd: other });
  for (const cwd of [bench.project, other]) await bench.ok(['task', 'add', 'x'], { cwd });

  const [test, far] = await bench.ok<Listed[]>(['projects', 'list']);
  expect(test).toMatchObject({ name: 'test', path: bench.project, available: true });
  expect(far).toMatchObject({ name: 'far', path: other, available: true, hosted: true });

  expect(await bench.ok(['projects', 'remove', 'test'])).toMatchObject({ id: test?.id });
  const removed = await bench.ok<{ trash: string }>(['projects', 'remove', '../other']);
  expect(removed.trash).toContain(join(bench.data_dir, 'trash'));
  expect(await bench.ok(['projects', 'list', '--removed'])).toHaveLength(2);
  expect(await bench.cpk(['task', 'list'])).toMatchObject({
    code: 3,
    error: { error: 'project_not_found', hint: 'If you trust it: cpk init' },
  });

  await bench.ok(['projects', 'restore', (far?.id ?? '').slice(0, 8)]);
  await bench.ok(['projects', 'restore', 'test']);
  for (const cwd of [bench.project, other]) {
    expect(await bench.ok(['task', 'add', 'y'], { cwd })).toMatchObject({ id: 'T-002' });
  }
});

test('a project is named so that only one can be meant', async () => {
  await using bench = await Workbench.withProject();
  const twin = join(bench.folder, 'twin');
  mkdirSync(twin);
  await bench.ok(['init', '--name', 'test'], { cwd: twin });
  expect(await bench.cpk(['projects', 'remove', 'test'])).toMatchObject({
    code: 2,
    error: { error: 'wrong_usage', message: expect.stringContaining(twin) },
  });
  expect(await bench.cpk(['projects', 'remove', 'tset'])).toMatchObject({
    code: 3,
    error: { error: 'project_not_found', hint: 'Did you mean test?' },
  });
  await bench.ok(['projects', 'remove', 'twin']);
  rmSync(twin, { recursive: true });
  expect(await bench.ok(['projects', 'restore', twin])).toMatchObject({ available: false });
});
