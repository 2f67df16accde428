import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Workbench } from './testing/workbench.ts';

test('in a copied project nothing of the original’s board is changed; in a moved one work goes on', {
  timeout: 60_000,
}, async () => {
  await using bench = await Workbench.withProject();
  const copy = join(bench.folder, 'copy');
  cpSync(bench.project, copy, { recursive: true });
  const refused = await bench.cpk(['task', 'add', 'lost'], { cwd: copy });
  expect(refused).toMatchObject({
    code: 3,
    error: {
      message: expect.stringContaining('is a copy of'),
      hint: expect.stringContaining('init'),
    },
  });
  expect(await bench.ok(['task', 'list'])).toEqual([]);
  await bench.ok(['init'], { cwd: copy });
  await bench.ok(['task', 'add', 'mine'], { cwd: copy });
  expect(await bench.ok(['task', 'list'])).toEqual([]);

  await bench.ok(['task', 'add', 'before the move']);
  await bench.ok(['server', 'stop']);
  const moved = join(bench.folder, 'moved');
  renameSync(bench.project, moved);
  const unknown = await bench.cpk(['task', 'list'], { cwd: moved });
  expect(unknown).toMatchObject({ code: 3, error: { hint: expect.stringContaining('init') } });
  await bench.ok(['init'], { cwd: moved });
  expect(await bench.ok(['task', 'list'], { cwd: moved })).toMatchObject([
    { title: 'before the move' },
  ]);
});
