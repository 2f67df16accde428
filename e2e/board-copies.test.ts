import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

// The packed package, as an agent's program and as a careful person use it.

const cpk = join(inject('codepakt'), 'dist/cpk.js');
const folder = mkdtempSync(join(tmpdir(), 'codepakt-copies-'));
const [shop, other] = [join(folder, 'shop'), join(folder, 'other')];
let env: Record<string, string>;

/** What a command printed, as JSON where it is. */
function run<T>(cwd: string, ...args: string[]): T {
  const { status, stdout, stderr } = spawnSync(cpk, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cpk ${args.join(' ')} → ${status}: ${stderr}`);
  return (stdout.startsWith('{') || stdout.startsWith('[') ? JSON.parse(stdout) : stdout) as T;
}

beforeAll(async () => {
  const { PATH = '' } = process.env;
  env = { PATH, HOME: folder, CPK_DATA_DIR: join(folder, 'data'), CPK_PORT: await freePort() };
  for (const project of [shop, other]) {
    mkdirSync(project);
    run(project, 'init');
  }
});
afterAll(() => {
  run(shop, 'server', 'stop');
  rmSync(folder, { recursive: true });
});

test('an agent program finds the tools, takes a task and finishes it, by MCP', async () => {
  run(shop, 'task', 'add', 'Say hello');
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const args = [cpk, 'mcp', '--agent', 'ada'];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: shop, env }),
  );
  const call = async (name: string, given: Record<string, unknown> = {}) => {
    const { content } = await client.callTool({ name, arguments: given });
    const [part] = content;
    return JSON.parse(part?.type === 'text' ? part.text : '');
  };
  expect((await client.listTools()).tools.length).toBeGreaterThan(10);
  expect(await call('task_pickup')).toMatchObject({ task: { id: 'T-001', assignee: 'ada' } });
  expect(await call('task_done', { id: 'T-001' })).toMatchObject({ status: 'review' });
  expect(await call('task_show', { id: 'T-009' })).toMatchObject({ error: 'task_not_found' });
  await client.close();
});

test('a board is backed up, restored, and carried to another project', () => {
  const { file } = run<{ file: string }>(shop, 'backup');
  run(shop, 'task', 'add', 'A mistake');
  run(shop, 'restore', file);
  expect(run(shop, 'task', 'list', '--all')).toMatchObject([{ id: 'T-001', title: 'Say hello' }]);

  run(shop, 'board', 'export', 'board.jsonl');
  run(other, 'board', 'import', join(shop, 'board.jsonl'));
  run(other, 'board', 'export', 'board.jsonl');
  const [one, two] = [shop, other].map((project) => readFileSync(join(project, 'board.jsonl')));
  expect(two).toEqual(one);

  run(other, 'projects', 'remove', 'other');
  expect(run(shop, 'projects', 'list')).toMatchObject([{ name: 'shop' }]);
  expect(run(shop, 'projects', 'restore', 'other')).toMatchObject({ available: true });
});

test('the shell completes what was packed', () => {
  const script = `source <(${cpk} completion bash); COMP_WORDS=(cpk board ex); COMP_CWORD=2; _cpk; echo "$COMPREPLY"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['export\n', '']);
});

function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => resolve(String(port)));
    });
  });
}
