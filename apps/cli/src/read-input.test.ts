import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Workbench } from './testing/workbench.ts';

test('what a shell passes for <(command) is read to its end, however late it comes', async () => {
  await using bench = await Workbench.withProject();
  const add = bench.commandLine(['task', 'add', '--batch']);
  const script = `${add} <(sleep 0.3; echo '{"title":"one"}'; sleep 0.3; echo '{"title":"two"}')`;
  const { project: cwd, env } = bench;
  const stdout = execFileSync('bash', ['-c', script], { cwd, env, encoding: 'utf8' });
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'T-001' }, { id: 'T-002' }]);
});

test('a named pipe is waited for, and a folder is not a file', async () => {
  await using bench = await Workbench.withProject();
  const pipe = join(bench.project, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const adding = bench.cpk(['task', 'add', '--batch', 'pipe']);
  await writeFile(pipe, '{"title":"one"}');
  expect(await adding).toMatchObject({ code: 0, json: [{ id: 'T-001' }] });
  mkdirSync(join(bench.project, 'folder'));
  expect(await bench.cpk(['task', 'add', '--batch', 'folder'])).toMatchObject({
    code: 3,
    error: { error: 'file_not_found', message: 'folder is not a file' },
  });
});
