import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProject } from '@codepakt/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readDaemonInfo } from './daemon-file.ts';
import { startServer } from './start.ts';
import { openStream, runningServer } from './testing/running-server.ts';
import { spawnServer } from './testing/spawn-server.ts';
import { temporaryProject, VERSION } from './testing/test-server.ts';

let place: ReturnType<typeof temporaryProject>;
const options = () => ({ data_dir: place.data_dir, version: VERSION, port: 0 });
beforeEach(() => {
  place = temporaryProject();
});
afterEach(() => rmSync(place.folder, { recursive: true, force: true }));

describe('a server that starts', () => {
  test('says in the data directory who and where it is, and takes that back when it stops', async () => {
    const server = await startServer(options());
    const { stop, ...info } = server;
    const file = join(place.data_dir, 'daemon.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(info);
    expect(info).toMatchObject({ pid: process.pid, host: '127.0.0.1', version: VERSION });
    expect(info.port).toBeGreaterThan(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const health = await (await fetch(`${info.url}/health`)).json();
    expect(health).toMatchObject({ status: 'ok', instance_id: info.instance_id });
    await stop();
    expect(existsSync(file)).toBe(false);
    await expect(fetch(`${info.url}/health`)).rejects.toThrow();
  });

  test('is the only one for its data directory: a second says who runs', async () => {
    const first = await startServer(options());
    for (const second of [() => startServer(options())]) {
      await expect(second()).rejects.toMatchObject({
        code: 'already_running',
        message: expect.stringContaining(`process ${process.pid} at ${first.url}`),
        details: { pid: process.pid, url: first.url },
      });
    }
    const other = await spawnServer(options());
    expect(other.said).toMatchObject({ code: 'already_running', details: { url: first.url } });
    expect(await other.ended).toEqual({ code: 1, signal: null });
    expect((await fetch(`${first.url}/health`)).status).toBe(200);
    await first.stop();
    const next = await startServer(options());
    await next.stop();
  });

  test('can run beside one of another data directory', async () => {
    await using other = await runningServer();
    const server = await startServer(options());
    expect((await fetch(`${other.url}/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await server.stop();
  });

  test('names the port that another program has, and leaves nothing behind', async () => {
    const program = createHttpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => program.once('listening', resolve));
    const { port } = program.address() as AddressInfo;
    await expect(startServer({ ...options(), port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(String(port)),
      hint: expect.stringContaining('CPK_PORT'),
    });
    program.close();
    expect(readDaemonInfo(place.data_dir)).toBeUndefined();
    await (await startServer({ ...options(), port })).stop();
  });

  test('waits for a port that an outgoing connection has, as any may while no server runs', async () => {
    const program = createServer().listen(0, '127.0.0.1');
    await once(program, 'listening');
    const outgoing = connect((program.address() as AddressInfo).port, '127.0.0.1');
    const [[incoming]] = await Promise.all([
      once(program, 'connection'),
      once(outgoing, 'connect'),
    ]);
    const waits: string[] = [];
    const onWaiting = (why: string) => waits.push(why);
    const starting = startServer({ ...options(), port: outgoing.localPort, onWaiting });
    // Failed at once before; where a system lets us have the port all the same, it serves at once.
    await Promise.race([starting, sleep(500)]);
    // Who ends it is who has to wait.
    outgoing.resume();
    incoming.end();
    const server = await starting;
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(waits.length).toBeLessThanOrEqual(1);
    await server.stop();
    program.close();
  });

  test('takes over from one that was killed, whatever that left behind', async () => {
    const killed = await spawnServer(options());
    const { pid } = killed.said;
    expect(await killed.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(readDaemonInfo(place.data_dir)?.pid).toBe(pid);
    const server = await startServer(options());
    expect(readDaemonInfo(place.data_dir)?.pid).toBe(process.pid);
    await server.stop();
  });

  test('is not led astray by the pid of another program, or by half a file', async () => {
    for (const text of [JSON.stringify({ pid: 1 }), '{"pid":', '']) {
      writeFileSync(join(place.data_dir, 'daemon.json'), text);
      await (await startServer(options())).stop();
    }
  });

  test.each(['0.0.0.0', '::', '192.0.2.1', 'board.example'])(
    'does not open to the network at %s without a token',
    async (host) => {
      await expect(startServer({ ...options(), host })).rejects.toMatchObject({
        code: 'wrong_usage',
        hint: expect.stringContaining('CPK_TOKEN'),
      });
      const token = 'too-short';
      await expect(startServer({ ...options(), host, token })).rejects.toMatchObject({
        code: 'wrong_usage',
        message: expect.stringContaining('16 characters'),
      });
    },
  );

  test('opens to the network with one, and still asks for its name', async () => {
    const token = 'correct-horse-battery-staple';
    const server = await startServer({ ...options(), host: '0.0.0.0', token });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${server.url}/health`, { headers })).status).toBe(200);
    expect((await fetch(`${server.url}/health`)).status).toBe(401);
    await server.stop();
  });

  test('says so when it may not write to its data directory', async () => {
    const data_dir = join(place.folder, 'file');
    writeFileSync(data_dir, '');
    await expect(startServer({ ...options(), data_dir })).rejects.toThrow();
  });
});

describe('a server that stops', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('on %s ends with 0 in time', async (signal) => {
    const server = await spawnServer({ ...options(), log: { to: 'file' } });
    const { url } = server.said;
    const at = { url, project: place.project };
    const stream = await openStream(at);
    const create = (title: string) =>
      fetch(`${url}/api/projects/${place.project}/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title }),
      });
    expect((await create('a')).status).toBe(201);
    const began = performance.now();
    expect(await server.end(signal)).toEqual({ code: 0, signal: null });
    await stream.ended;
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(existsSync(join(place.data_dir, 'daemon.json'))).toBe(false);
    // Written back: nothing but the database itself is left.
    expect(existsSync(join(place.root, '.codepakt', 'data.db-wal'))).toBe(false);
    const log = readFileSync(join(place.data_dir, 'server.log'), 'utf8');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'the server listens', url }));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'the server stops', signal }));
    expect(lines.find(({ route }) => route?.endsWith('/tasks'))).toMatchObject({
      id: expect.any(String),
      method: 'POST',
      status: 201,
      ms: expect.any(Number),
    });
  });

  test('finishes what runs, and refuses what comes after', async () => {
    const server = await startServer(options());
    const socket = connect(server.port, '127.0.0.1');
    const body = JSON.stringify({ title: 'slow' });
    const head = (length: number) =>
      [
        `POST /api/projects/${place.project}/tasks HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        `Content-Length: ${length}`,
        '\r\n',
      ].join('\r\n');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    let text = '';
    socket.on('data', (piece) => {
      text += String(piece);
    });
    socket.write(head(body.length) + body.slice(0, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = server.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The second request is on the same connection, behind the one that is being received.
    socket.write(body.slice(5) + head(body.length) + body);
    await Promise.all([stopped, closed]);
    expect(text).toMatch(/^HTTP\/1\.1 201 /);
    expect(text.match(/HTTP\/1\.1 /g)?.length).toBeLessThanOrEqual(2);
    expect(text.match(/HTTP\/1\.1 201 /g)).toHaveLength(1);
    using project = openProject(place.root);
    expect(project.tasks.list().items).toHaveLength(1);
  });

  test('does not wait for a client that keeps its connection after the last answer', async () => {
    const cutOff = vi.spyOn(Server.prototype, 'closeAllConnections');
    try {
      await using server = await runningServer();
      const agent = { 'codepakt-agent': 'ada' };
      const waiting = server.send('POST', '/tasks/pickup?wait=60', {}, agent);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await server.stop();
      expect((await waiting).status).toBe(503);
      expect(cutOff).not.toHaveBeenCalled();
    } finally {
      cutOff.mockRestore();
    }
  });

  test('does not wait for a connection on which nothing was ever said', async () => {
    const cutOff = vi.spyOn(Server.prototype, 'closeAllConnections');
    try {
      const server = await startServer(options());
      const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
      const closed = once(socket, 'close');
      // By now the server knows of both: they come in turn.
      await fetch(`${server.url}/health`);
      await server.stop();
      await closed;
      expect(cutOff).not.toHaveBeenCalled();
    } finally {
      cutOff.mockRestore();
    }
  });

  test('cuts off who sends without end', async () => {
    const server = await startServer(options());
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /api/projects HTTP/1.1\r\nHost: localhost\r\n');
    socket.write('Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    await server.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
