import { openProject } from '@codepakt/core';
import { describe, expect, test } from 'vitest';
import { EventStream } from './event-stream.ts';
import { openStream, runningServer, type TestStream } from './testing/running-server.ts';
import { testServer } from './testing/test-server.ts';

const titles = ({ events }: TestStream) =>
  events.filter(({ action }) => action === 'task_created').map(({ task_id }) => task_id);

describe('an event stream', () => {
  test('tells what happens from now on', async () => {
    await using server = await runningServer();
    await server.send('POST', '/tasks', { title: 'before' });
    const stream = await openStream(server);
    expect(stream.status).toBe(200);
    expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(stream.headers['cache-control']).toBe('no-store');
    await server.send('POST', '/tasks', { title: 'after' });
    await expect.poll(() => titles(stream)).toEqual(['T-002']);
    stream.close();
  });

  test('of a task that is not there is refused before it begins', async () => {
    await using server = await runningServer();
    const stream = await openStream(server, '?task=T-999');
    expect(stream.status).toBe(404);
    stream.close();
  });

  test('leaves out nothing where long texts fill a page', { timeout: 30_000 }, async () => {
    await using server = await runningServer();
    await server.send('POST', '/docs', { type: 'learning', title: 'long', body: 'x' });
    for (const letter of 'abcdef') {
      await server.send('PATCH', '/docs/D-001', { body: letter.repeat(1_000_000) });
    }
    const stream = await openStream(server, '?after=0');
    const all = [1, 2, 3, 4, 5, 6, 7, 8];
    await expect.poll(() => stream.events.map(({ id }) => id), { timeout: 20_000 }).toEqual(all);
    stream.close();
  });

  test('tells within a moment what another process wrote', async () => {
    await using server = await runningServer();
    const stream = await openStream(server);
    using other = openProject(server.root);
    other.tasks.create({ title: 'from elsewhere' });
    await expect.poll(() => titles(stream), { timeout: 2_000 }).toEqual(['T-001']);
    stream.close();
  });

  test('goes on where it was broken off: nothing is lost, nothing comes twice', async () => {
    await using server = await runningServer();
    const seen: number[] = [];
    let last: number | undefined;
    let writing = true;
    const writer = (async () => {
      for (let n = 0; n < 120; n += 1) await server.send('POST', '/tasks', { title: `${n}` });
      writing = false;
    })();
    while (writing || seen.length < 120) {
      const stream = await openStream(
        server,
        '?after=1&action=task_created',
        last === undefined ? {} : { 'last-event-id': String(last) },
      );
      await new Promise((resolve) => setTimeout(resolve, 15));
      stream.close();
      const ids = stream.events.map(({ id }) => id);
      seen.push(...ids);
      last = ids.at(-1) ?? last;
    }
    await writer;
    expect(seen).toHaveLength(120);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  test('can be asked for from the beginning, and for some events only', async () => {
    await using server = await runningServer();
    for (const title of ['a', 'b']) await server.send('POST', '/tasks', { title });
    await server.send('POST', '/tasks/pickup', {}, { 'codepakt-agent': 'ada' });
    const [all, some, one] = await Promise.all([
      openStream(server, '?after=0'),
      openStream(server, '?after=0&agent=ada'),
      openStream(server, '?after=0&task=T-002'),
    ]);
    await expect.poll(() => all.events.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    await expect.poll(() => some.events.map(({ action }) => action)).toEqual(['task_pickup']);
    await expect.poll(() => titles(one)).toEqual(['T-002']);
    for (const stream of [all, some, one]) stream.close();
  });

  test('gives signs of life, with the id to go on from', async () => {
    await using server = await runningServer({ timeouts: { heartbeat_ms: 30 } });
    const stream = await openStream(server, '?agent=nobody');
    expect(stream.text()).toContain('id: 1\n');
    await server.send('POST', '/tasks', { title: 'not for this one' });
    await expect.poll(() => stream.text()).toMatch(/: still here\nid: 2\n\n/);
    expect(stream.events).toEqual([]);
    stream.close();
  });

  test('begins with now when the id is from the future', async () => {
    await using server = await runningServer();
    const stream = await openStream(server, '', { 'last-event-id': '999999' });
    await server.send('POST', '/tasks', { title: 'a' });
    await expect.poll(() => titles(stream)).toEqual(['T-001']);
    stream.close();
  });

  test('ends when a board is imported, and then tells what happens on that one', async () => {
    await using source = await runningServer();
    await source.send('POST', '/tasks', { title: 'imported' });
    const lines = await (await fetch(`${source.url}/api/projects/${source.project}/export`)).text();
    await using server = await runningServer();
    for (const description of 'abcdefgh') await server.send('PATCH', '', { description });
    const before = await openStream(server);
    await expect.poll(() => before.text()).toContain('id: 9\n');
    const imported = await fetch(`${server.url}/api/projects/${server.project}/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines,
    });
    expect(imported.status).toBe(201);
    await before.ended;
    const after = await openStream(server, '?after=9');
    await server.send('POST', '/tasks', { title: 'new' });
    await expect.poll(() => titles(after)).toEqual(['T-002']);
    after.close();
  });

  test('ends also when another process has imported a board', async () => {
    await using source = await runningServer();
    await source.send('POST', '/tasks', { title: 'imported' });
    await using server = await runningServer();
    const stream = await openStream(server);
    using from = openProject(source.root);
    using other = openProject(server.root);
    other.board.import(from.board.export());
    await stream.ended;
    const again = await openStream(server, '?after=0');
    await expect.poll(() => titles(again)).toEqual(['T-001']);
    again.close();
  });

  test.each([
    ['?after=x', {}],
    ['?from=1', {}],
    ['', { 'last-event-id': 'x' }],
  ])('is refused when it asks for %s %j', async (query, headers) => {
    await using server = await runningServer();
    expect((await openStream(server, query, headers)).status).toBe(422);
  });

  test('is dropped when its reader takes nothing, and the others are served', async () => {
    await using server = await runningServer({
      timeouts: { heartbeat_ms: 50, stalled_ms: 300 },
    });
    const [slow, quick] = [await openStream(server), await openStream(server)];
    slow.pause();
    const description = 'x'.repeat(20_000);
    for (let n = 0; n < 10; n += 1) {
      const tasks = Array.from({ length: 100 }, (_, i) => ({ title: `${n}-${i}`, description }));
      expect((await server.send('POST', '/tasks/batch', { tasks })).status).toBe(201);
    }
    await expect.poll(() => quick.events.length, { timeout: 10_000 }).toBe(1_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    slow.resume();
    await slow.ended;
    expect(slow.events.length).toBeLessThan(1_000);
    quick.close();
  }, 30_000);

  test('keeps no more than a page for a reader that takes nothing', async () => {
    await using server = await testServer();
    const live = await server.app.projects.use(server.project);
    const options = { live, after: 0, filter: {}, heartbeat_ms: 60_000, stalled_ms: 60_000 };
    const stream = new EventStream(options);
    stream.read(0);
    const description = 'x'.repeat(10_000);
    for (let n = 0; n < 500; n += 1) {
      await live.write(() => live.project.tasks.create({ title: `${n}`, description }));
    }
    expect(stream.readableLength).toBeLessThan(600_000);
    let text = '';
    for await (const piece of stream) {
      text += String(piece);
      if (text.split('"task_created"').length > 500) break;
    }
    expect([...text.matchAll(/"task_created"/g)]).toHaveLength(500);
  });

  test('ends when the server stops', async () => {
    await using server = await runningServer();
    const stream = await openStream(server);
    const began = performance.now();
    await server.stop();
    await stream.ended;
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});
