import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskDetail } from '@codepakt/contract';
import { describe, expect, test, vi } from 'vitest';
import { until, Workbench } from '../../testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

const ada = { env: { CPK_AGENT: 'ada' } };

async function withTask(verify: string, lease = '1h'): Promise<Workbench> {
  const bench = await Workbench.withProject();
  await bench.ok(['task', 'add', 'x', '--verify', verify]);
  await bench.ok(['task', 'pickup', '--lease', lease], ada);
  return bench;
}

describe('a verify command', () => {
  test('is printed, runs in the root of the project, streams to stderr, and is recorded', async () => {
    await using bench = await withTask('pwd; echo so it is >&2');
    bench.write('src/deep/file', '');
    const ran = await bench.cpk(['task', 'verify', 'T-001'], {
      ...ada,
      cwd: join(bench.project, 'src/deep'),
    });
    expect(ran.stderr).toBe(`$ pwd; echo so it is >&2\n${bench.project}\nso it is\n`);
    expect(ran.json).toEqual({
      id: 'T-001',
      command: 'pwd; echo so it is >&2',
      exit_code: 0,
      duration_ms: expect.any(Number),
    });
    const { verification } = await bench.ok<TaskDetail>(['task', 'show', 'T-001']);
    expect(verification).toMatchObject({
      exit_code: 0,
      agent: 'ada',
      output: `${bench.project}\nso it is\n`,
    });
  });

  test('that fails is exit 7, is recorded, and the task stays in progress, also with done --verify', async () => {
    await using bench = await withTask('echo no; exit 3');
    for (const command of [
      ['task', 'verify'],
      ['task', 'done', '--verify'],
    ]) {
      const ran = await bench.cpk([...command, 'T-001'], ada);
      expect(ran).toMatchObject({ code: 7, error: { error: 'verify_failed' } });
    }
    const task = await bench.ok<TaskDetail>(['task', 'show', 'T-001']);
    expect(task).toMatchObject({
      status: 'in-progress',
      verification: { exit_code: 3, output: 'no\n' },
    });
  });

  test('that succeeds lets done --verify finish the task', async () => {
    await using bench = await withTask('true');
    expect(await bench.ok(['task', 'done', 'T-001', '--verify'], ada)).toMatchObject({
      status: 'review',
    });
  });

  test('outlasts the lease, which is pushed out meanwhile', async () => {
    await using bench = await withTask('sleep 6', '4s');
    await bench.ok(['task', 'verify', 'T-001'], ada);
    expect(await bench.ok(['task', 'show', 'T-001'])).toMatchObject({
      status: 'in-progress',
      expiries: 0,
    });
  });

  test('is stopped with all it has started when the task is lost meanwhile', async () => {
    await using bench = await withTask('sleep 300 & echo $! > pid; wait', '15s');
    const running = bench.cpk(['task', 'verify', 'T-001'], ada);
    const pid = await pidIn(bench);
    await bench.ok(['task', 'update', 'T-001', '--status', 'cancelled']);
    const ran = await running;
    expect(ran.code).toBe(4);
    await until(() => !isRunning(pid));
  });

  test('is stopped by Ctrl-C: exit 130', async () => {
    await using bench = await withTask('echo $$ > pid; exec sleep 300');
    const child = bench.start(['task', 'verify', 'T-001'], ada);
    const pid = await pidIn(bench);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    await until(() => !isRunning(pid));
  });

  test('shows no escape sequence when it is printed', async () => {
    await using bench = await withTask('true \u001b]0;evil\u0007');
    const ran = await bench.cpk(['task', 'verify', 'T-001'], ada);
    expect(ran.stderr.split('\n')[0]).toBe('$ true ␛]0;evil␇');
  });

  test('runs in the linked worktree one stands in, for the board of the main checkout', async () => {
    await using bench = await withTask('pwd');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: bench.project,
        stdio: 'ignore',
      });
    git('init', '-q');
    bench.write('file', '');
    git('add', '.');
    git('commit', '-q', '-m', 'all');
    git('worktree', 'add', '-q', '../tree');
    const tree = join(bench.folder, 'tree');
    const ran = await bench.cpk(['task', 'verify', 'T-001'], { ...ada, cwd: tree });
    expect(ran.stderr).toBe(`$ pwd\n${tree}\n`);
    expect(await bench.ok(['task', 'list'], { cwd: tree })).toHaveLength(1);
  });

  test('of a board that was not set up here does not run', async () => {
    await using theirs = await withTask('touch evil');
    await using ours = await Workbench.open();
    const env = { CPK_URL: `http://127.0.0.1:${theirs.port}` };
    const ran = await ours.cpk(['task', 'verify', 'T-001'], { env, cwd: theirs.project });
    expect(ran).toMatchObject({ code: 3, error: { hint: 'If you trust it: cpk init' } });
    expect(ran.stderr).not.toContain('$ touch evil');
  });

  test('that is not there is said', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x']);
    const ran = await bench.cpk(['task', 'verify', 'T-001']);
    expect(ran).toMatchObject({ code: 4, error: { error: 'wrong_status' } });
    expect(ran.stderr).toContain('has no verify command');
  });
});

describe('task wait', () => {
  test('ends when the status is there, also when it was passed through', async () => {
    await using bench = await withTask('true');
    const review = bench.cpk(['task', 'wait', 'T-001', '--for', 'review']);
    const done = bench.cpk(['task', 'wait', 'T-001', '--for', 'done,cancelled', '--timeout', '1m']);
    // From their first look at the task on, nothing that happens to it escapes them.
    await until(
      () => (bench.read('data/server.log').match(/"GET".*tasks\/:id"/g)?.length ?? 0) >= 2,
    );
    await bench.ok(['task', 'done', 'T-001'], ada);
    await bench.ok(['task', 'approve', 'T-001']);
    expect((await review).json).toMatchObject({ id: 'T-001', status: 'review' });
    expect((await done).json).toMatchObject({ id: 'T-001', status: 'done' });
    expect(await bench.ok(['task', 'wait', 'T-001', '--for', 'done'])).toMatchObject({
      status: 'done',
    });
  });

  test('over time is exit 5, no longer reachable is exit 4', async () => {
    await using bench = await withTask('true');
    const late = await bench.cpk(['task', 'wait', 'T-001', '--for', 'review', '--timeout', '1s']);
    expect(late).toMatchObject({ code: 5, error: { error: 'wait_timeout' } });
    const waiting = bench.cpk(['task', 'wait', 'T-001', '--for', 'review']);
    await bench.ok(['task', 'list']);
    await bench.ok(['task', 'cancel', 'T-001']);
    expect(await waiting).toMatchObject({ code: 4, error: { error: 'wait_unreachable' } });
    const never = await bench.cpk(['task', 'wait', 'T-001', '--for', 'open']);
    expect(never).toMatchObject({ code: 4, error: { error: 'wait_unreachable' } });
  });
});

/** The process that the command has written down. */
async function pidIn(bench: Workbench): Promise<number> {
  const file = join(bench.project, 'pid');
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  return Number(readFileSync(file, 'utf8'));
}

function isRunning(pid: number): boolean {
  try {
    // A process that has ended and was not waited for is still listed.
    return (
      pid > 0 &&
      !/\bZ\b/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }))
    );
  } catch {
    return false; // ps fails when there is no such process
  }
}
