import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '@codepakt/contract';
import { HEADERS, SANDBOX_HINT } from '@codepakt/contract/light';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { VERSION } from '../testing/program.ts';
import { NEWER, OLDER } from '../testing/versions.ts';
import { until, Workbench } from '../testing/workbench.ts';
import type { DaemonState } from './daemon-state.ts';

const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0;

vi.setConfig({ testTimeout: 60_000 });

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server, port: number): Promise<void> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function firstWords({ stderr }: ChildProcess): Promise<string> {
  const [words] = stderr === null ? [] : await once(stderr, 'data');
  return String(words);
}

function startsIn(bench: Workbench): number {
  return bench.read('data/server.log').match(/"the server listens"/g)?.length ?? 0;
}

describe('started on demand', () => {
  test('of many processes at once one starts the daemon, and all succeed', async () => {
    await using bench = await Workbench.withProject();
    const titles = Array.from({ length: 12 }, (_, index) => `task ${index}`);
    const codes = await Promise.all(titles.map((title) => bench.cpk(['task', 'add', title])));
    expect(codes.map(({ code, stderr }) => [code, stderr])).toEqual(titles.map(() => [0, '']));
    await until(() => startsIn(bench) > 0);
    expect(startsIn(bench)).toBe(1);
    expect(await bench.ok(['task', 'list'])).toHaveLength(12);
  });

  test('CPK_NO_AUTOSTART=1 turns it off', async () => {
    await using bench = await Workbench.withProject();
    const ran = await bench.cpk(['task', 'list'], { env: { CPK_NO_AUTOSTART: '1' } });
    expect(ran).toMatchObject({
      code: 6,
      error: { error: 'server_unreachable', hint: 'Start it: cpk server start' },
    });
    expect(bench.daemon).toBeUndefined();
  });

  test('it runs apart from the folder and the process that started it', async () => {
    await using bench = await Workbench.withProject();
    const child = bench.start(['task', 'list']);
    await until(() => bench.daemon !== undefined);
    child.kill('SIGKILL');
    const before = bench.daemon?.pid;
    expect(await bench.ok(['task', 'list'])).toEqual([]);
    expect(bench.daemon?.pid).toBe(before);
  });

  test('the daemon is found on another port when no port was asked for', async () => {
    await using bench = await Workbench.withProject();
    const port = String(await freePort());
    const env = { CPK_PORT: '' };
    expect(await bench.ok(['server', 'start', '--port', port], { env })).toMatchObject({
      url: `http://127.0.0.1:${port}`,
    });
    expect(await bench.ok(['task', 'list'], { env })).toEqual([]);
    const insisting = await bench.cpk(['task', 'list']);
    expect(insisting).toMatchObject({ code: 6, error: { error: 'server_unreachable' } });
    expect(insisting.stderr).toContain(`is at port ${port}, but CPK_PORT asks for ${bench.port}`);
  });

  test('a start that a full disk stopped keeps nobody from the next one', async () => {
    await using bench = await Workbench.withProject();
    // The kernel then takes not one byte into any file, as a full disk would.
    const command = `ulimit -f 0; ${bench.commandLine(['task', 'list'])}`;
    const { env, project } = bench;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: project, env });
    expect([status, String(stderr)]).toEqual([1, expect.stringContaining('"disk_full"')]);
    expect(await bench.ok(['task', 'list'])).toEqual([]);
  });

  test('a stale daemon.json, its process id taken over by another program, is no daemon', async () => {
    await using bench = await Workbench.withProject();
    const stale = {
      pid: process.pid,
      host: '127.0.0.1',
      port: bench.port,
      url: `http://127.0.0.1:${bench.port}`,
      version: VERSION,
      api_version: 1,
      instance_id: 'gone',
      started_at: new Date().toISOString(),
    };
    writeFileSync(join(bench.data_dir, 'daemon.json'), JSON.stringify(stale));
    expect(await bench.ok(['server', 'stop'])).toMatchObject({ status: 'stopped' });
    expect(await bench.ok(['task', 'list'])).toEqual([]);
    expect(bench.daemon?.pid).not.toBe(process.pid);
  });
});

describe('whose port it is', () => {
  test('the daemon of another data directory is not used: exit 6 naming CPK_PORT', async () => {
    await using ours = await Workbench.withProject();
    await using other = await Workbench.withProject();
    await other.ok(['task', 'add', 'theirs']);
    const ran = await ours.cpk(['task', 'add', 'x'], { env: { CPK_PORT: String(other.port) } });
    expect(ran).toMatchObject({ code: 6, error: { error: 'server_unreachable' } });
    expect(ran.stderr).toContain(`belongs to another data directory than ${ours.data_dir}`);
    expect(ran.stderr).toContain('CPK_PORT');
    expect(await other.ok(['task', 'list'])).toHaveLength(1);
  });

  // Other systems give such a port to who asks for it.
  test.runIf(process.platform === 'linux')(
    'a port that the rest of a connection has is waited for, and the caller is told so',
    async () => {
      await using bench = await Workbench.withProject();
      const program = createServer((incoming) => incoming.on('error', () => incoming.destroy()));
      await listen(program, 0);
      const outgoing = connect((program.address() as AddressInfo).port, '127.0.0.1');
      await once(outgoing, 'connect');
      const CPK_PORT = String(outgoing.localPort);
      const waiting = `waiting, 65 s at most, for port ${CPK_PORT} of 127.0.0.1: `;

      const CPK_DATA_DIR = join(bench.folder, 'other');
      const running = bench.start(['server', 'run'], { env: { CPK_PORT, CPK_DATA_DIR } });
      expect(await firstWords(running)).toContain(waiting);
      running.kill('SIGKILL');

      const listing = bench.start(['task', 'list'], { env: { CPK_PORT } });
      expect(await firstWords(listing)).toContain(waiting);
      // Leaves nothing for which the port would be kept.
      outgoing.resetAndDestroy();
      expect(await once(listing, 'close')).toEqual([0, null]);
    },
  );

  test('but it is when it was begun anew while a call looked it up', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'one']);
    const file = join(bench.data_dir, 'daemon.json');
    const daemon = JSON.parse(readFileSync(file, 'utf8')) as DaemonState;
    const relay = createServer((socket) => {
      writeFileSync(file, JSON.stringify(there));
      const to = connect(daemon.port, '127.0.0.1');
      socket.pipe(to).pipe(socket);
      for (const end of [socket, to]) end.on('error', () => to.destroy());
    });
    await listen(relay, 0);
    const { port } = relay.address() as AddressInfo;
    const there = { ...daemon, port, url: `http://127.0.0.1:${port}` };
    writeFileSync(file, JSON.stringify({ ...there, instance_id: 'of one that was killed' }));
    const env = { CPK_PORT: String(port) };
    const ran = await bench.cpk(['task', 'note', 'T-001', 'once'], { env });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(file, JSON.stringify(daemon));
    expect(await bench.ok(['task', 'show', 'T-001'])).toMatchObject({ notes: [{ body: 'once' }] });
  });

  test('neither is another program', async () => {
    await using bench = await Workbench.withProject();
    await listen(
      createHttpServer((_, response) => response.end('{"hello":"world"}')),
      bench.port,
    );
    for (const command of [
      ['task', 'list'],
      ['server', 'start'],
    ]) {
      const ran = await bench.cpk(command);
      expect(ran).toMatchObject({ code: 6, error: { error: 'port_taken' } });
      expect(ran.stderr).toContain('CPK_PORT');
    }
  });

  test('nor one that says nothing', async () => {
    await using bench = await Workbench.withProject();
    const sockets: Socket[] = [];
    await listen(
      createServer((socket) => sockets.push(socket)),
      bench.port,
    );
    expect(await bench.cpk(['task', 'list'])).toMatchObject({
      code: 6,
      error: { error: 'port_taken' },
    });
    for (const socket of sockets) socket.destroy();
  });

  test('a server named by its URL is never started, and has to be codepakt', async () => {
    await using bench = await Workbench.withProject();
    const nobody = await bench.cpk(['task', 'list', '--url', `http://127.0.0.1:${bench.port}`]);
    expect(nobody).toMatchObject({ code: 6, error: { error: 'server_unreachable' } });
    expect(bench.daemon).toBeUndefined();
    await listen(
      createHttpServer((_, response) => response.end('{}')),
      bench.port,
    );
    const env = { CPK_URL: `http://127.0.0.1:${bench.port}` };
    expect(await bench.cpk(['task', 'list'], { env })).toMatchObject({ code: 6 });
  });
});

describe('versions', () => {
  test('an older daemon is replaced, a newer one is used', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x'], { version: OLDER });
    const older = bench.daemon;
    expect(older?.version).toBe(OLDER);
    expect(await bench.ok(['task', 'list'])).toHaveLength(1);
    expect(bench.daemon).toMatchObject({ version: VERSION, port: bench.port });
    expect(bench.daemon?.pid).not.toBe(older?.pid);
    const newer = bench.daemon;
    expect(await bench.ok(['task', 'list'], { version: OLDER })).toHaveLength(1);
    expect(bench.daemon).toEqual(newer);
  });

  test('many newer processes at once replace it once', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x'], { version: OLDER });
    const lists = await Promise.all(Array.from({ length: 8 }, () => bench.cpk(['task', 'list'])));
    expect(lists.map(({ code }) => code)).toEqual(lists.map(() => 0));
    await until(() => startsIn(bench) === 2);
  });

  test('one that speaks another API is left alone: exit 6 with the command to upgrade', async () => {
    await using bench = await Workbench.withProject();
    const headers = {
      [HEADERS.version]: '9.0.0',
      [HEADERS.api]: '2',
      [HEADERS.instance]: 'future',
    };
    let requests = 0;
    const server = createHttpServer(({ url }, response) => {
      if (url !== '/health') requests++;
      response.writeHead(200, headers).end('{}');
    });
    await listen(server, bench.port);
    const state = {
      pid: process.pid,
      host: '127.0.0.1',
      port: bench.port,
      url: `http://127.0.0.1:${bench.port}`,
      version: '9.0.0',
      api_version: 2,
      instance_id: 'future',
      started_at: new Date().toISOString(),
    };
    writeFileSync(join(bench.data_dir, 'daemon.json'), JSON.stringify(state));
    const ran = await bench.cpk(['task', 'add', 'x']);
    expect(ran).toMatchObject({ code: 6, error: { error: 'server_incompatible' } });
    expect(ran.stderr).toContain('npm install --global codepakt@latest');
    expect(requests).toBe(0);
    writeFileSync(join(bench.data_dir, 'daemon.json'), '{}');
  });
});

describe('killed in the middle', () => {
  test('every call succeeds, and takes effect exactly once', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['board', 'status']);
    const calls = 40;
    let killing = true;
    const killed = new Set<number>();
    const killer = (async () => {
      // Not for ever: on a busy machine none would live long enough to answer anybody.
      for (; killing && killed.size < 5; await sleep(150 + Math.random() * 250)) {
        const { daemon } = bench;
        if (daemon === undefined) continue;
        process.kill(daemon.pid, 'SIGKILL');
        killed.add(daemon.pid);
      }
    })();
    const titles = Array.from({ length: calls }, (_, index) => `task ${index}`);
    const queue = [...titles];
    const failures: string[] = [];
    const worker = async () => {
      for (let title = queue.shift(); title !== undefined; title = queue.shift()) {
        const { code, stderr } = await bench.cpk(['task', 'add', title]);
        if (code !== 0) failures.push(stderr);
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    killing = false;
    await killer;
    expect(failures).toEqual([]);
    const tasks = await bench.ok<{ title: string }[]>(['task', 'list', '--limit', '100']);
    expect(tasks.map(({ title }) => title).sort()).toEqual(titles.sort());
    expect(killed.size).toBeGreaterThan(2);
  });

  test('a server that is killed while it starts is started again', async () => {
    await using bench = await Workbench.withProject();
    const call = bench.cpk(['task', 'add', 'x']);
    let first = bench.daemon;
    for (; first === undefined; first = bench.daemon) await nextTurn();
    process.kill(first.pid, 'SIGKILL');
    expect(await call).toMatchObject({ code: 0 });
    expect(bench.daemon?.pid).not.toBe(first.pid);
    expect(await bench.ok<object[]>(['task', 'list'])).toMatchObject([{ title: 'x' }]);
  });

  test('a change whose answer was lost is sent again: one event', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x']);
    const proxied = await cuttingProxy(bench);
    const env = { CPK_URL: proxied.url };
    for (const args of [
      ['task', 'add', 'y'],
      ['task', 'update', 'T-001', '--priority', 'P0'],
      ['task', 'note', 'T-001', 'once'],
    ]) {
      proxied.cutNext();
      await bench.ok(args, { env });
    }
    expect(proxied.cuts()).toBe(3);
    const events = await bench.ok<Event[]>(['events', '--after', '2']);
    expect(events.map(({ action }) => action)).toEqual([
      'task_noted',
      'task_updated',
      'task_created',
    ]);
  });

  test('followed events go on after it, none lost and none twice', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['board', 'status']);
    const follower = bench.start(['events', '-f', '--after', '0', '--action', 'task_created']);
    let text = '';
    follower.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    for (let n = 1; n <= 6; n++) {
      await bench.ok(['task', 'add', `task ${n}`]);
      const { daemon } = bench;
      if (n % 2 === 0 && daemon !== undefined) process.kill(daemon.pid, 'SIGKILL');
    }
    await until(() => text.split('\n').length > 6);
    const closed = new Promise((resolve) => follower.once('close', resolve));
    follower.kill('SIGINT');
    expect(await closed).toBe(130);
    const ids = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Event).task_id);
    expect(ids).toEqual(['T-001', 'T-002', 'T-003', 'T-004', 'T-005', 'T-006']);
  });
});

describe('cpk server', () => {
  test('start, status, restart, stop', async () => {
    await using bench = await Workbench.open();
    expect(await bench.cpk(['server', 'status'])).toMatchObject({
      code: 1,
      json: { status: 'stopped' },
    });
    const started = await bench.ok<{ pid: number }>(['server', 'start']);
    expect(started).toMatchObject({ status: 'running', version: VERSION });
    expect(await bench.ok(['server', 'status'])).toMatchObject({ pid: started.pid });
    expect(await bench.ok(['server', 'start'])).toMatchObject({
      pid: started.pid,
      message: 'it runs already',
    });
    const otherwise = await bench.cpk(['server', 'start', '--allow-host', 'box']);
    expect(otherwise).toMatchObject({ code: 4, error: { error: 'already_running' } });
    const restarted = await bench.ok<{ pid: number }>(['server', 'restart']);
    expect(restarted.pid).not.toBe(started.pid);
    expect(await bench.ok(['server', 'stop'])).toMatchObject({
      status: 'stopped',
      pid: restarted.pid,
    });
    expect(await bench.ok(['server', 'stop'])).toMatchObject({ message: 'it was not running' });
    expect(await bench.cpk(['server', 'logs'])).toMatchObject({ code: 0 });
  });

  test('a restart takes what flags, environment and settings say by now, and keeps the rest', async () => {
    await using bench = await Workbench.withProject();
    const env = { CPK_PORT: '' };
    const port = String(bench.port);
    await bench.ok(['server', 'start', '--port', port, '--allow-host', 'box'], { env });
    const moved = { env: { ...env, CPK_HOST: 'localhost' } };
    expect(await bench.cpk(['server', 'start'], moved)).toMatchObject({
      code: 4,
      error: { error: 'already_running' },
    });
    expect(await bench.ok(['server', 'restart'], moved)).toMatchObject({
      url: `http://localhost:${port}`,
    });
    await bench.ok(['server', 'restart'], { env });
    const kept = { host: 'localhost', allow_hosts: ['box'] };
    expect(bench.daemon).toMatchObject({ ...kept, port: bench.port });

    const other = await freePort();
    await bench.ok(['config', 'set', 'port', String(other)], { env });
    expect(await bench.ok(['server', 'start'], { env })).toMatchObject({
      url: `http://localhost:${port}`,
      message: expect.stringContaining('`cpk server restart` makes it so'),
    });
    await bench.ok(['server', 'restart', '--allow-host', 'box,shed'], { env });
    expect(bench.daemon).toMatchObject({ ...kept, port: other, allow_hosts: ['box', 'shed'] });
    // A newer program that replaces it has been told nothing.
    await bench.ok(['task', 'list'], { env, version: NEWER });
    expect(bench.daemon).toMatchObject({ version: NEWER, host: 'localhost', port: other });
    expect(bench.daemon?.allow_hosts).toEqual(['box', 'shed']);
  });

  test('a server that asks for no token asks for none after a restart, whatever it did before', async () => {
    await using bench = await Workbench.open();
    const file = join(bench.folder, 'token');
    await bench.ok(['server', 'start', '--token-file', file]);
    await bench.ok(['server', 'stop']);
    await bench.ok(['server', 'start']);
    const { url } = await bench.ok<{ url: string }>(['server', 'restart']);
    expect(await fetch(`${url}/api/projects`)).toMatchObject({ status: 200 });
  });

  test('a restart with a setting that does not work leaves the server as it is', async () => {
    await using bench = await Workbench.open();
    const { pid } = await bench.ok<{ pid: number }>(['server', 'start']);
    const taken = createServer();
    await listen(taken, 0);
    const { port } = taken.address() as AddressInfo;
    const short = bench.write('token', 'short');
    chmodSync(short, 0o600);
    for (const [flags, code, error] of [
      [['--port', 'http'], 2, 'wrong_usage'],
      [['--port', String(port)], 6, 'port_taken'],
      [['--host', '0.0.0.0'], 2, 'wrong_usage'],
      [['--host', '127.0.0.256'], 2, 'wrong_usage'],
      [['--token-file', short], 2, 'wrong_usage'],
    ] as const) {
      expect(await bench.cpk(['server', 'restart', ...flags])).toMatchObject({
        code,
        error: { error },
      });
      expect(bench.daemon?.pid).toBe(pid);
    }
  });

  test('a restart keeps others from starting one while it stops the old one', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['board', 'status']);
    const before = bench.daemon?.pid;
    // Another process is just about to start the server.
    const lock = join(bench.data_dir, 'daemon.starting');
    writeFileSync(lock, String(process.pid));
    const restart = bench.ok(['server', 'restart']);
    await Promise.race([restart, sleep(1_500)]);
    expect(bench.daemon?.pid).toBe(before);
    rmSync(lock);
    expect(await restart).toMatchObject({ status: 'running' });
    expect(bench.daemon?.pid).not.toBe(before);
    expect(existsSync(lock)).toBe(false);
  });

  test('run stays in the foreground and ends in order', async () => {
    await using bench = await Workbench.withProject();
    const server = bench.start(['server', 'run']);
    await until(() => bench.daemon !== undefined);
    expect(bench.daemon?.pid).toBe(server.pid);
    expect(await bench.ok(['task', 'list'])).toEqual([]);
    const closed = new Promise((resolve) => server.once('close', resolve));
    server.kill('SIGTERM');
    expect(await closed).toBe(0);
    expect(bench.daemon).toBeUndefined();
  });

  test('beyond this machine only with a token, which is then sent to that address alone', async () => {
    await using bench = await Workbench.withProject();
    const open = await bench.cpk(['server', 'start', '--host', '0.0.0.0']);
    expect(open).toMatchObject({ code: 2, error: { error: 'wrong_usage' } });
    expect(open.stderr).toContain('--token-file');
    const file = join(bench.folder, 'token');
    await bench.ok(['server', 'start', '--host', '0.0.0.0', '--token-file', file]);
    expect(await bench.ok(['task', 'list'])).toEqual([]);
    const stranger = { CPK_URL: `http://localhost:${bench.port}` };
    expect(await bench.cpk(['task', 'list'], { env: stranger })).toMatchObject({
      code: 6,
      error: { error: 'unauthorized' },
    });
    // A restart keeps both, and so does a newer program that replaces the server.
    await bench.ok(['server', 'restart']);
    expect(await bench.ok(['task', 'list'], { version: NEWER })).toEqual([]);
    expect(bench.daemon).toMatchObject({ host: '0.0.0.0', version: NEWER });
    const token = bench.read('token').trim();
    expect(await bench.ok(['task', 'list'], { env: { ...stranger, CPK_TOKEN: token } })).toEqual(
      [],
    );
  });

  test('a data directory that can not be written says so', async () => {
    await using bench = await Workbench.open();
    const blocked = bench.write('file', '');
    const beneath = await bench.cpk(['server', 'start'], {
      env: { CPK_DATA_DIR: join(blocked, 'x') },
    });
    expect(beneath).toMatchObject({ code: 1, error: { error: 'read_only' } });
    expect(beneath.stderr).toContain('CPK_DATA_DIR');
    expect(beneath.stderr).toContain('sandbox');
  });

  test.runIf(canUnshare)(
    'in a sandbox without a network a call fails at once, and says so',
    async () => {
      await using bench = await Workbench.withProject();
      await bench.ok(['task', 'add', 'x']);
      const { pid } = bench.daemon ?? {};
      for (const command of ['task list', 'task pickup --agent ada', 'doctor']) {
        const line = `exec ${bench.commandLine(command.split(' '))}`;
        const { status, stdout, stderr } = spawnSync('unshare', ['-rn', 'sh', '-c', line], {
          cwd: bench.project,
          env: bench.env,
          encoding: 'utf8',
        });
        const isDoctor = command === 'doctor';
        expect(status).toBe(isDoctor ? 1 : 6);
        expect(isDoctor ? stdout : stderr).toContain(SANDBOX_HINT);
      }
      expect(bench.daemon?.pid).toBe(pid);
      expect(startsIn(bench)).toBe(1);
      expect(await bench.ok(['task', 'list'])).toHaveLength(1);
    },
  );

  test('in a sandbox where nothing may listen, who would start the server says so', async () => {
    await using bench = await Workbench.open();
    const refused = `import { Server } from 'node:net';
      Server.prototype.listen = function () {
        const error = Object.assign(new Error('listen EPERM'), { code: 'EPERM' });
        process.nextTick(() => this.emit('error', error));
        return this;
      };`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(refused)}` };
    const ran = await bench.cpk(['server', 'start'], { env });
    expect(ran).toMatchObject({ code: 6, error: { error: 'server_unreachable' } });
    expect(ran.error).toMatchObject({ hint: SANDBOX_HINT });
  });

  test('so does a folder of another user', async () => {
    await using bench = await Workbench.open();
    const folder = join(bench.folder, 'foreign');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    const isRoot = process.getuid?.() === 0;
    // Root may write anywhere, so the process then runs as somebody else.
    if (isRoot) {
      chmodSync(bench.folder, 0o755);
      chownSync(folder, 1, 1);
    }
    const ran = await bench.cpk(['server', 'start'], {
      env: { CPK_DATA_DIR: join(folder, 'data'), NODE_COMPILE_CACHE: '' },
      ...(isRoot ? { uid: 65_534 } : {}),
    });
    expect(ran).toMatchObject({ code: 1, error: { error: 'read_only' } });
  });

  test('logs show the last lines and follow, also as a rotated file', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'list']);
    // The log is written in the background.
    await until(() => startsIn(bench) > 0);
    const last = await bench.cpk(['server', 'logs', '-n', '1']);
    expect(last.stdout.trim().split('\n')).toHaveLength(1);
    expect(last.json).toMatchObject({ level: 'info' });
    const human = await bench.cpk(['server', 'logs', '--human']);
    expect(human.stdout).toMatch(/info +the server listens/);
    const follower = bench.start(['server', 'logs', '-f', '-n', '0']);
    let text = '';
    follower.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    await sleep(500);
    await bench.ok(['task', 'add', 'seen in the log']);
    await until(() => text.includes('POST'));
  });
});

/** A server in front of the daemon that passes on one request and then breaks the connection instead of answering. */
async function cuttingProxy(bench: Workbench) {
  let isCut = false;
  let cuts = 0;
  const { createServer: listenHttp, request: send } = await import('node:http');
  const proxy = listenHttp((incoming, response) => {
    const cut = isCut;
    isCut = false;
    const outgoing = send(
      {
        port: bench.daemon?.port,
        host: '127.0.0.1',
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, host: `127.0.0.1:${bench.daemon?.port}` },
      },
      (answer) => {
        if (cut) {
          cuts++;
          answer.resume().on('end', () => incoming.socket.destroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(outgoing);
  });
  const port = await freePort();
  await listen(proxy, port);
  return {
    url: `http://127.0.0.1:${port}`,
    cutNext: () => {
      isCut = true;
    },
    cuts: () => cuts,
  };
}
