import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { BoardStatus, Event } from '@codepakt/contract';
import { writeLegacyDatabase } from '@codepakt/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { until, Workbench } from '../testing/workbench.ts';
import { commands } from './index.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('cpk init', () => {
  test('makes a project, stores the PRD, and run twice changes nothing and says so', async () => {
    await using bench = await Workbench.open();
    bench.write('prd.md', '# The shop\n');
    const first = await bench.ok(['init', '--name', 'shop', '--prd', 'prd.md']);
    expect(first).toMatchObject({ name: 'shop', path: bench.project, created: true });
    expect(await bench.ok(['docs', 'read', 'D-001'])).toMatchObject({
      title: 'PRD',
      body: '# The shop\n',
    });
    expect(readdirSync(bench.project).sort()).toEqual([
      '.claude',
      '.codepakt',
      'AGENTS.md',
      'GEMINI.md',
      'prd.md',
    ]);
    const events = await bench.ok<Event[]>(['events']);
    expect(await bench.ok(['init'])).toMatchObject({
      created: false,
      messages: [expect.any(String)],
    });
    expect(await bench.ok(['events'])).toEqual(events);
  });

  test('a long document is in the log as a beginning, and whole when asked for', async () => {
    await using bench = await Workbench.withProject();
    const body = `${'a'.repeat(299)}😀${'b'.repeat(1_000)}`;
    await bench.ok(['docs', 'write', '--type', 'reference', '--title', 'Long', '--body', body]);
    const [short] = await bench.ok<Event[]>(['events']);
    const beginning = `${'a'.repeat(299)}… (1301 characters; --full)`;
    expect(short?.detail).toMatchObject({ title: [null, 'Long'], body: [null, beginning] });
    const [whole] = await bench.ok<Event[]>(['events', '--full']);
    expect(whole?.detail).toMatchObject({ body: [null, body] });
  });

  test('without it other commands say so: exit 3', async () => {
    await using bench = await Workbench.open();
    const ran = await bench.cpk(['task', 'list']);
    expect(ran).toMatchObject({
      code: 3,
      error: { error: 'project_not_found', hint: 'Make one: cpk init' },
    });
    const named = await bench.cpk(['task', 'list', '--project', '/nowhere/at/all']);
    expect(named).toMatchObject({ code: 3, error: { error: 'project_not_found' } });
  });

  test('a cloned board is not served before it: exit 3, and the board is left alone', async () => {
    await using theirs = await Workbench.withProject();
    await using ours = await Workbench.open();
    const ran = await ours.cpk(['task', 'list'], { cwd: theirs.project });
    expect(ran).toMatchObject({ code: 3, error: { error: 'project_not_found' } });
    expect(ran.stderr).toContain('was not set up on this machine');
  });

  test('a board of an older codepakt needs it: exit 4', async () => {
    await using bench = await Workbench.open();
    writeLegacyDatabase(bench.write('.codepakt/data.db', ''), 'v2');
    bench.write('.codepakt/config.json', '{"url":"http://localhost:41920","project_id":"old"}');
    const ran = await bench.cpk(['task', 'list']);
    expect(ran).toMatchObject({ code: 4, error: { error: 'database_legacy' } });
    expect(ran.stderr).toContain('cpk init');
    expect(await bench.ok(['init'])).toMatchObject({
      created: true,
      carried_over: { tasks: expect.any(Number) },
    });
    expect((await bench.ok<unknown[]>(['task', 'list', '--all'])).length).toBeGreaterThan(0);
  });

  test('a foreign file in the place of the database is refused, not overwritten: exit 4', async () => {
    await using bench = await Workbench.open();
    const file = bench.write(
      '.codepakt/data.db',
      'my diary, not a database at all, but long enough\n'.repeat(9),
    );
    const ran = await bench.cpk(['init']);
    expect(ran).toMatchObject({ code: 4, error: { error: 'database_foreign' } });
    expect(execFileSync('head', ['-c', '8', file], { encoding: 'utf8' })).toBe('my diary');
  });
});

describe('bare cpk', () => {
  test('says what it is, the state, and the next command, and starts nothing', async () => {
    await using bench = await Workbench.open();
    expect(await bench.ok([])).toMatchObject({ server: 'not running', next: 'cpk init' });
    await bench.ok(['init']);
    expect(await bench.ok([])).toMatchObject({ project: bench.project, server: 'not running' });
    expect(bench.daemon).toBeUndefined();
    await bench.ok(['task', 'add', 'x']);
    const ada = { env: { CPK_AGENT: 'ada' } };
    const seen = { next: 'cpk task pickup', board: { total: 1, counts: { open: 1 } } };
    expect(await bench.ok([], ada)).toMatchObject(seen);
    expect((await bench.cpk([])).stdout).toContain('"counts":{"open":1}');
    await bench.ok(['task', 'pickup'], ada);
    expect(await bench.ok([], ada)).toMatchObject({
      holding: ['T-001'],
      next: 'cpk task show T-001',
    });
  });
});

describe('docs', () => {
  test('are written, read, changed, found and deleted', async () => {
    await using bench = await Workbench.withProject();
    const write = ['docs', 'write', '--type', 'decision'];
    expect(
      await bench.ok([
        ...write,
        '--title',
        'Cookies',
        '--body',
        'Sessions in cookies',
        '--tags',
        'auth',
      ]),
    ).toEqual({ id: 'D-001', version: 1 });
    bench.write('doc.md', 'from a file');
    expect(await bench.ok([...write, '--title', 'File', '--file', 'doc.md'])).toMatchObject({
      id: 'D-002',
    });
    expect(
      await bench.ok([...write, '--title', 'In', '-'], { stdin: 'from stdin ä' }),
    ).toMatchObject({
      id: 'D-003',
    });
    expect(await bench.ok(['docs', 'read', 'D-003'])).toMatchObject({ body: 'from stdin ä' });
    expect(await bench.cpk(['docs', 'update', 'D-003', '-'], { stdin: '' })).toMatchObject({
      code: 2,
      error: { error: 'wrong_usage', message: 'stdin is empty' },
    });
    expect(await bench.ok(['docs', 'list', '--tag', 'auth'])).toMatchObject([{ id: 'D-001' }]);
    expect(await bench.ok(['docs', 'search', 'cook'])).toMatchObject([{ id: 'D-001' }]);
    expect(await bench.ok(['docs', 'update', 'D-001', '--body', 'new', '--tags', ''])).toEqual({
      id: 'D-001',
      version: 2,
    });
    expect(await bench.ok(['docs', 'delete', 'D-002'])).toMatchObject({
      id: 'D-002',
      deleted: true,
    });
    const twice = await bench.cpk([...write, '--title', 'x', '--body', 'a', '--file', 'doc.md']);
    expect(twice).toMatchObject({ code: 2, error: { error: 'wrong_usage' } });
    const none = await bench.cpk([...write, '--title', 'x']);
    expect(none).toMatchObject({ code: 2, error: { error: 'wrong_usage' } });
    const binary = join(bench.project, 'binary');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
    expect(await bench.cpk([...write, '--title', 'x', '--file', binary])).toMatchObject({
      code: 2,
      error: { error: 'invalid_input' },
    });
    expect(await bench.ok(['docs', 'list'])).toHaveLength(2);
  });
});

describe('events and undo', () => {
  test('the audit trail is filtered, and one event is undone', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x']);
    await bench.ok(['task', 'update', 'T-001', '--priority', 'P0']);
    await bench.ok(['task', 'pickup', '--agent', 'ada']);
    const events = await bench.ok<Event[]>(['events', '--task', 'T-001']);
    expect(events.map(({ action }) => action)).toEqual([
      'task_pickup',
      'task_updated',
      'task_created',
    ]);
    expect(await bench.ok(['events', '--agent', 'ada', '--since', '1h'])).toHaveLength(1);
    expect(await bench.ok(['events', '--since', '2999-01-01'])).toEqual([]);
    const [, updated] = events;
    expect(await bench.ok(['undo', String(updated?.id)])).toMatchObject({
      id: 'T-001',
      action: 'task_updated',
    });
    expect(await bench.ok(['task', 'show', 'T-001'])).toMatchObject({ priority: 'P1' });
  });
});

describe('the board', () => {
  test('status counts, and watch shows each change until Ctrl-C', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x']);
    expect(await bench.ok(['board', 'status'])).toMatchObject({ total: 1, counts: { open: 1 } });
    const watch = bench.start(['board', 'watch']);
    let text = '';
    watch.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    await until(() => text.includes('\n'));
    await bench.ok(['task', 'pickup', '--agent', 'ada']);
    await until(() => text.trim().split('\n').length > 1);
    const closed = new Promise((resolve) => watch.once('close', resolve));
    watch.kill('SIGINT');
    expect(await closed).toBe(130);
    const last = JSON.parse(text.trim().split('\n').at(-1) ?? '') as BoardStatus;
    expect(last).toMatchObject({
      counts: { 'in-progress': 1 },
      agents: [{ name: 'ada', status: 'working' }],
    });
    expect(await bench.ok(['agent', 'list'])).toMatchObject([
      { name: 'ada', tasks: [{ id: 'T-001' }] },
    ]);
  });

  test.runIf(process.platform === 'linux')(
    'watch says on a terminal how long ago something was, also when nothing happens',
    async () => {
      await using bench = await Workbench.withProject();
      await bench.ok(['task', 'add', 'x']);
      await bench.ok(['task', 'pickup', '--agent', 'ada']);
      const line = bench.commandLine(['board', 'watch']);
      const watch = spawn('script', ['-qec', line, '/dev/null'], {
        cwd: bench.project,
        env: bench.env,
      });
      let text = '';
      watch.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += stripVTControlCharacters(piece);
      });
      const ages = () => new Set(text.match(/ada +working +(?:now|\d+s ago)/g));
      await until(() => ages().size > 1);
      const closed = new Promise((resolve) => watch.once('close', resolve));
      watch.stdin.write('\u0003');
      expect(await closed).toBe(130);
    },
  );

  test('watch shows a board that is imported into an empty one, however short its log', async () => {
    await using bench = await Workbench.withProject();
    const source = join(bench.folder, 'source');
    mkdirSync(source);
    await bench.ok(['init', '--no-generate'], { cwd: source });
    await bench.ok(['task', 'add', 'imported'], { cwd: source });
    const file = join(bench.folder, 'board.jsonl');
    await bench.ok(['board', 'export', file], { cwd: source });
    const { project } = await bench.ok<BoardStatus>(['board', 'status']);
    for (const description of 'abcd') {
      await fetch(`${bench.daemon?.url}/api/projects/${project.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ description }),
      });
    }
    const watch = bench.start(['board', 'watch']);
    let text = '';
    watch.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    await until(() => text.includes('\n'));
    await bench.ok(['board', 'import', file]);
    await until(() => text.includes('"total":1'));
    const closed = new Promise((resolve) => watch.once('close', resolve));
    watch.kill('SIGINT');
    expect(await closed).toBe(130);
  });

  test('the graph comes as JSON, text, Mermaid and dot', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'say "hi" [now]']);
    await bench.ok(['task', 'add', 'then', '--depends-on', 'T-001']);
    expect(await bench.ok(['task', 'graph'])).toMatchObject({
      edges: [{ from: 'T-001', to: 'T-002' }],
      critical_path: ['T-001', 'T-002'],
    });
    const text = await bench.ok(['task', 'graph', '--format', 'text']);
    expect(text).toContain('critical path: T-001 → T-002');
    const mermaid = await bench.ok(['task', 'graph', '--format', 'mermaid']);
    expect(mermaid).toContain('T-001["T-001 say #34;hi#34; #91;now#93;"]:::open');
    expect(mermaid).toContain('T-001 --> T-002');
    const dot = await bench.ok(['task', 'graph', '--format', 'dot']);
    expect(dot).toContain('"T-001" [label="T-001 say \\"hi\\" [now] (open)" penwidth=2];');
  });
});

describe('config', () => {
  test('each setting is kept where it belongs', async () => {
    await using bench = await Workbench.withProject();
    expect(await bench.ok(['config', 'set', 'lease_seconds', '30m'])).toEqual({
      lease_seconds: 1_800,
    });
    expect(await bench.ok(['config', 'set', 'name', 'shop'])).toEqual({ name: 'shop' });
    await bench.ok(['config', 'set', 'url', `http://localhost:${bench.port}`]);
    await bench.ok(['config', 'set', 'allow_hosts', 'box, box.local']);
    expect(bench.read('project/.codepakt/config.json')).toContain(`http://localhost:${bench.port}`);
    expect(JSON.parse(bench.read('data/settings.json'))).toEqual({
      allow_hosts: ['box', 'box.local'],
    });
    const shown = await bench.ok(['config', 'show'], { env: { CPK_PORT: '' } });
    expect(shown).toMatchObject({
      project: bench.project,
      data_dir: bench.data_dir,
      server: `http://127.0.0.1:${bench.port}`,
      server_from: 'project config',
      name: 'shop',
      lease_seconds: 1_800,
      output: 'json',
    });
    expect(await bench.ok(['config', 'set', 'lease_seconds', ''])).toEqual({
      lease_seconds: 7_200,
    });
    await bench.ok(['config', 'set', 'allow_hosts', '']);
    expect(await bench.ok(['config', 'get', 'allow_hosts'])).toEqual({ allow_hosts: null });
  });

  test('what is not a setting, or not one of this machine, is refused', async () => {
    await using bench = await Workbench.withProject();
    const unknown = await bench.cpk(['config', 'set', 'leese_seconds', '1']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean lease_seconds?');
    const remote = await bench.cpk(['config', 'set', 'url', 'http://example.com']);
    expect(remote).toMatchObject({ code: 2, error: { error: 'wrong_usage' } });
  });

  test('the token of a server is stored for its address, readable by its owner alone', async () => {
    await using bench = await Workbench.withProject();
    const url = 'http://board.example.com:5';
    await bench.ok(['config', 'set', 'token', '-', '--url', url], { stdin: 'secret\n' });
    expect(JSON.parse(bench.read('data/tokens.json'))).toEqual({ [url]: 'secret' });
    expect(await bench.ok(['config', 'get', 'token', '--url', url])).toEqual({ token: 'stored' });
    await bench.ok(['config', 'set', 'token', '', '--url', url]);
    expect(JSON.parse(bench.read('data/tokens.json'))).toEqual({});
  });
});

describe('help and version', () => {
  test('every command has help that names its options', async () => {
    await using bench = await Workbench.open();
    const all = await bench.ok(['--help']);
    for (const name of Object.keys(commands)) expect(all).toContain(name);
    const add = await bench.ok(['task', 'add', '--help']);
    expect(add).toContain('--depends-on');
    expect(add).not.toContain('--notes');
    expect(await bench.ok(['help', 'task', 'add'])).toBe(add);
    expect(await bench.ok(['task', '-h'])).toContain('task pickup');
    expect(await bench.ok<string>(['--version'])).toBe('1.0.0\n');
    expect(await bench.cpk(['tsk', '--help'])).toMatchObject({ code: 2 });
  });

  test('every command has a summary and belongs under its own name', async () => {
    for (const [name, load] of Object.entries(commands)) {
      const { command } = await load();
      expect(command.name).toBe(name);
      expect(command.summary).toMatch(/^[A-Z"].*[^.]$/);
    }
  });
});

describe('open', () => {
  test('prints the address of the running dashboard', async () => {
    await using bench = await Workbench.withProject();
    const { url } = await bench.ok<{ url: string }>(['open', '--json']);
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${bench.port}/\\?project=`));
    expect((await fetch(url)).status).toBe(200);
  });

  test('and hands it to the browser, when a person asks', async () => {
    await using bench = await Workbench.withProject();
    const browser = bench.write('browser', `#!/bin/sh\necho "$1" > ${bench.project}/opened\n`);
    execFileSync('chmod', ['+x', browser]);
    const ran = await bench.cpk(['open', '--human'], { env: { BROWSER: browser } });
    expect(ran.code).toBe(0);
    await until(() => readdirSync(bench.project).includes('opened'));
    await until(() => bench.read('project/opened') === ran.stdout);
  });
});

describe('what it looks like', () => {
  test('for a person: tables and sentences; errors with the next step', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'a title \u001b[31mwith\u0007 tricks', '--priority', 'P0']);
    const env = { CPK_OUTPUT: 'human' };
    const list = await bench.cpk(['task', 'list'], { env });
    expect(list.stdout).toBe(
      'id     title                      status  priority\n' +
        'T-001  a title ␛[31mwith␇ tricks  open    P0\n',
    );
    const shown = await bench.cpk(['task', 'show', 'T-001'], { env });
    for (const sign of ['\u001b', '\u0007']) expect(shown.stdout).not.toContain(sign);
    const missing = await bench.cpk(['task', 'show', 'T-002'], { env });
    expect(missing.stderr).toMatch(/^error .+\n.+\n$/);
    const done = await bench.cpk(['task', 'pickup', '--agent', 'ada'], { env });
    expect(done.stdout).toContain('T-001  a title');
    for (const args of [
      ['board', 'status'],
      ['agent', 'list'],
      ['events'],
      ['docs', 'list'],
      ['server', 'status'],
      ['config', 'show'],
      [],
    ]) {
      const ran = await bench.cpk(args, { env });
      expect([args, ran.code, ran.stderr]).toEqual([args, 0, '']);
      expect(ran.stdout).not.toMatch(/^[[{]/);
      expect(ran.stdout).not.toContain('\u001b');
    }
  });

  test('on a terminal: colour, unless NO_COLOR; JSON for agents', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x', '--priority', 'P0']);
    const plain = await bench.onTerminal(['task', 'list'], { NO_COLOR: '1' });
    expect(plain).toMatch(/^id +title +status +priority\r?\n/);
    expect(await bench.onTerminal(['task', 'list'])).toContain('\u001b[');
    expect(await bench.onTerminal(['task', 'list'], { CPK_AGENT: 'ada' })).toMatch(
      /^\[\{"id":"T-001"/,
    );
  });

  test('a reader that has gone away is no failure', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['board', 'status']);
    const command = bench.commandLine(['events', '--human']);
    const status = execFileSync(
      'bash',
      ['-c', `set -o pipefail; ${command} | true; echo "\${PIPESTATUS[0]}"`],
      {
        cwd: bench.project,
        env: bench.env,
        encoding: 'utf8',
      },
    );
    expect(status).toBe('0\n');
  });
});
