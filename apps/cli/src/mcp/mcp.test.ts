import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Workbench } from '../testing/workbench.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

interface Answer {
  isError: boolean;
  json: unknown;
  /** What comes behind the first text. */
  more: string[];
}

/** The SDK's own client, talking to a real `cpk mcp`. */
class Agent {
  readonly client: Client;
  readonly #transport: StdioClientTransport;
  /** What the server says to people. */
  stderr = '';

  private constructor(client: Client, transport: StdioClientTransport) {
    this.client = client;
    this.#transport = transport;
    transport.stderr?.on('data', (text) => {
      this.stderr += text;
    });
  }

  static async start(bench: Workbench, args: string[] = [], cwd = bench.project): Promise<Agent> {
    const [command = '', ...rest] = bench.commandLine(['mcp', ...args]).split(' ');
    const env = bench.env as Record<string, string>;
    const transport = new StdioClientTransport({ command, args: rest, cwd, env, stderr: 'pipe' });
    const client = new Client({ name: 'Agent Smith', version: '1.0.0' });
    const agent = new Agent(client, transport);
    await client.connect(transport);
    return agent;
  }

  get pid(): number {
    return this.#transport.pid ?? 0;
  }

  async call(name: string, args: Record<string, unknown> = {}): Promise<Answer> {
    const { content, isError } = await this.client.callTool({ name, arguments: args });
    const [first = '', ...more] = content.map((part) => (part.type === 'text' ? part.text : ''));
    return { isError: isError === true, json: JSON.parse(first), more };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.withProject();
});
afterAll(() => bench[Symbol.asyncDispose]());

function newFolder(name: string): string {
  const folder = join(bench.folder, name);
  mkdirSync(folder);
  return folder;
}

async function newProject(name: string): Promise<string> {
  const cwd = newFolder(name);
  await bench.ok(['init'], { cwd });
  return cwd;
}

test('the list of tools costs an agent at most 2,000 tokens', async () => {
  await using ada = await Agent.start(bench);
  const { tools } = await ada.client.listTools();
  expect(tools.map(({ name }) => name)).toContain('task_pickup');
  const tokens = countTokens(JSON.stringify({ tools }));
  expect(tokens).toBeGreaterThan(1_000);
  expect(tokens).toBeLessThanOrEqual(2_000);
});

describe('an agent', () => {
  test('plans, takes, notes, finishes and reads back, as on the command line', async () => {
    const cwd = await newProject('plans');
    await using ada = await Agent.start(bench, ['--agent', 'ada'], cwd);
    await using bob = await Agent.start(bench, ['--agent', 'bob'], cwd);
    const added = await ada.call('task_add', {
      tasks: [
        { key: 'a', title: 'Parse, then write', acceptance_criteria: ['one, two', 'three'] },
        { title: 'Document', depends_on: ['a'], verify: 'true' },
      ],
    });
    expect(added.json).toMatchObject([
      { key: 'a', id: 'T-001', status: 'open' },
      { id: 'T-002', status: 'backlog', waits_for: ['T-001'] },
    ]);
    const picked = await ada.call('task_pickup', { lease: '30m' });
    expect(picked.json).toMatchObject({
      task: { id: 'T-001', assignee: 'ada', acceptance_criteria: ['one, two', 'three'] },
    });
    expect((await bob.call('task_pickup')).json).toEqual({
      task: null,
      why: { waiting: 1, in_progress: 1 },
    });
    await ada.call('task_act', { do: 'note', id: 'T-001', text: 'see parse.ts' });
    expect((await bob.call('task_done', { id: 'T-001' })).json).toMatchObject({
      error: 'lost_claim',
    });
    expect((await ada.call('task_done', { id: 'T-001', note: 'works' })).json).toMatchObject({
      status: 'review',
      opened: ['T-002'],
    });
    expect((await bob.call('task_act', { do: 'approve', id: 'T-001' })).json).toMatchObject({
      status: 'done',
    });
    await bob.call('task_pickup');
    const verified = await bob.call('task_done', { id: 'T-002', verify: true });
    expect(verified.json).toMatchObject({ status: 'review' });
    const shown = await ada.call('task_show', { id: 'T-001' });
    expect(shown.json).toEqual(await bench.ok(['task', 'show', 'T-001'], { cwd }));
    expect((await ada.call('board', { do: 'agents' })).json).toHaveLength(2);
  });

  test('writes and finds docs, and asks the code index', async () => {
    bench.write('src/a.ts', "import { two } from './b.ts';\nexport const one = two - 1;\n");
    bench.write('src/b.ts', 'export const two = 2;\n');
    await using ada = await Agent.start(bench);
    const doc = { do: 'write', type: 'decision', title: 'No JWT', body: 'Because …' };
    expect((await ada.call('docs_write', doc)).json).toMatchObject({ id: 'D-001' });
    expect((await ada.call('docs_find', { do: 'search', words: 'jwt' })).json).toMatchObject([
      { id: 'D-001' },
    ]);
    // Who did not say its name is called after its program.
    expect((await ada.call('docs_read', { id: 'D-001' })).json).toMatchObject({
      author: 'Agent-Smith',
      body: 'Because …',
    });
    const stale = await ada.call('code_symbols', { name: 'one' });
    expect([stale.isError, stale.json]).toMatchObject([true, { error: 'index_out_of_date' }]);
    const found = await ada.call('code_symbols', { name: 'one', fresh: true });
    expect(found.json).toEqual(await bench.ok(['code', 'symbols', 'one']));
    const dependents = { do: 'dependents', file: 'src/b.ts' };
    expect((await ada.call('code_file', dependents)).json).toEqual(
      await bench.ok(['code', 'dependents', 'src/b.ts']),
    );
    const path = { do: 'path', from: 'src/a.ts', to: 'src/b.ts' };
    expect((await ada.call('code_project', path)).isError).toBe(false);
    expect(ada.stderr).toBe('');
  });

  test('is told that a list goes on, and goes on', async () => {
    await using ada = await Agent.start(bench);
    await ada.call('task_add', { tasks: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] });
    const first = await ada.call('events', { limit: 2 });
    expect(first.json).toHaveLength(2);
    const [, cursor = ''] = /^more: cursor (.+)$/.exec(first.more[0] ?? '') ?? [];
    const next = await ada.call('events', { limit: 2, cursor });
    expect(next.json).not.toEqual(first.json);
  });
});

test('what is wrong is told in the words of the command line, and the server goes on', async () => {
  await using ada = await Agent.start(bench);
  await ada.call('task_add', { tasks: [{ title: 'a' }] });
  const refused = async (name: string, args: Record<string, unknown>) => {
    const { isError, json } = await ada.call(name, args);
    expect(isError).toBe(true);
    return json;
  };
  expect(await refused('task_show', { id: 'T-999' })).toEqual(
    (await bench.cpk(['task', 'show', 'T-999'])).error,
  );
  expect(await refused('task_list', { status: ['opened'] })).toMatchObject({
    error: 'invalid_input',
    errors: [{ path: '/status/0' }],
  });
  expect(await refused('task_done', { id: 'T-001', done: true })).toMatchObject({
    error: 'invalid_input',
    errors: [{ path: '/done' }],
  });
  expect(await refused('task_add', { tasks: [{ title: '' }] })).toMatchObject({
    error: 'invalid_input',
  });
  expect(await refused('task_act', { do: 'note', id: 'T-001' })).toMatchObject({
    message: 'task note needs text',
  });
  expect(await refused('task_act', { do: 'note', id: 'T-001', reopen: true })).toMatchObject({
    message: 'task_act with do=note does not take reopen, but id, text, claim',
  });
  // The command line would read this from stdin, where the protocol is.
  expect(await refused('task_act', { do: 'note', id: 'T-001', text: '-' })).toMatchObject({
    error: 'wrong_usage',
  });
  expect(await refused('task_pickup', { lease: 'long' })).toMatchObject({ error: 'wrong_usage' });
  await expect(ada.client.callTool({ name: 'task_fly' })).rejects.toThrow('task_fly');
  expect((await ada.call('board', { do: 'status' })).isError).toBe(false);
});

test('it starts as the guide has it added to each program, under a name of its own', async () => {
  const cwd = await newProject('guide');
  const ways = waysInTheGuide();
  expect(ways.map(({ program }) => program)).toEqual([
    'claude',
    'codex',
    'gemini',
    'copilot',
    'config.toml',
    'mcp.json',
  ]);
  for (const { program, command, args } of ways) {
    expect([command, args[0]], program).toEqual(['cpk', 'mcp']);
    const inProject = args.map((arg) => arg.replace(/\$\{workspaceFolder\}/, cwd));
    // What names its project need not be started there.
    const folder = inProject.includes('--project') ? bench.folder : cwd;
    await using agent = await Agent.start(bench, inProject.slice(1), folder);
    await agent.call('task_add', { tasks: [{ title: program }] });
    const { json } = await agent.call('task_pickup');
    expect(json).toMatchObject({ task: { title: program, assignee: args.at(-1) } });
  }
});

test('a verify command runs when the agent was shown it, and not before', async () => {
  const cwd = await newProject('verifies');
  const add = (command: string) =>
    bench.ok(['task', 'add', 'Build', '--verify', command, '--json'], { cwd });
  await add('touch first');
  await add('touch second');
  await bench.ok(['task', 'pickup', '--id', 'T-001', '--agent', 'ada'], { cwd });
  await using ada = await Agent.start(bench, ['--agent', 'ada'], cwd);
  const refused = await ada.call('task_done', { id: 'T-001', verify: true });
  expect([refused.isError, refused.json]).toMatchObject([
    true,
    { error: 'wrong_usage', details: { id: 'T-001', command: 'touch first' } },
  ]);
  expect(existsSync(join(cwd, 'first'))).toBe(false);
  // The refusal has shown it.
  expect((await ada.call('task_done', { id: 'T-001', verify: true })).isError).toBe(false);
  expect(existsSync(join(cwd, 'first'))).toBe(true);

  await ada.call('task_show', { id: 'T-002' });
  await bench.ok(['task', 'update', 'T-002', '--verify', 'touch third'], { cwd });
  const verify = { do: 'verify', id: 'T-002' };
  expect((await ada.call('task_act', verify)).json).toMatchObject({
    details: { command: 'touch third' },
  });
  expect(existsSync(join(cwd, 'third'))).toBe(false);
  expect((await ada.call('task_act', verify)).json).toMatchObject({ exit_code: 0 });
});

test('a server started before there is a project says so, and finds it when it is there', async () => {
  const later = newFolder('later');
  await using ada = await Agent.start(bench, [], later);
  expect((await ada.call('task_list')).json).toMatchObject({ error: 'project_not_found' });
  await bench.ok(['init'], { cwd: later });
  expect((await ada.call('task_list')).json).toEqual([]);
});

test('nothing but the protocol goes to stdout, whatever comes in, and the end of stdin is the end', async () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    },
  };
  const stdin = `not JSON\n[]\n${JSON.stringify(initialize)}\n{"jsonrpc":"2.0","id":2,"method":"fly"}\n`;
  const { code, stdout, stderr } = await bench.cpk(['mcp'], { stdin });
  expect(code).toBe(0);
  for (const line of stdout.split('\n').filter((one) => one !== '')) {
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  }
  expect(stderr).toBe('cpk mcp: what came is no message of the protocol\n');
  expect(await bench.cpk(['mcp'])).toMatchObject({ code: 0, stdout: '' });
});

test('a daemon that was killed is started again; the process ends with its client', async () => {
  const ada = await Agent.start(bench);
  await ada.call('task_list');
  await bench.killServer();
  expect((await ada.call('task_list')).isError).toBe(false);
  const pid = ada.pid;
  await ada.client.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

interface Way {
  program: string;
  command: string;
  args: string[];
}

/** How the guide has the server added: by commands of programs, and in the files of two. */
function waysInTheGuide(): Way[] {
  const guide = readFileSync(new URL('../../../../docs/guide.md', import.meta.url), 'utf8');
  const typed = [...guide.matchAll(/`(\w+) mcp add codepakt (?:-- )?(\S+) ([^`]+)`/g)].map(
    ([, program = '', command = '', args = '']) => ({ program, command, args: args.split(' ') }),
  );
  const [, command = '', args = '[]'] =
    /\[mcp_servers\.codepakt\]\s+command = "(.+)"\s+args = (.+)/.exec(guide) ?? [];
  const [, json = '{}'] = /```json\n(\s+\{\s+"mcpServers".*?)```/s.exec(guide) ?? [];
  const { codepakt } = JSON.parse(json).mcpServers as { codepakt: Omit<Way, 'program'> };
  return [
    ...typed,
    { program: 'config.toml', command, args: JSON.parse(args) },
    { program: 'mcp.json', ...codepakt },
  ];
}
