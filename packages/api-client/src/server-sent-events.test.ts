import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts';

async function read(pieces: string[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  async function* source() {
    yield* pieces;
  }
  for await (const event of readServerSentEvents(source())) events.push(event);
  return events;
}

test('an event has an id, a name and data; comments and unknown fields are passed over', async () => {
  expect(
    await read([
      '\uFEFF: welcome\n\nid: 7\nevent: task\ndata: {"a":1}\nretry: 5\n\n: still here\n\ndata:x\ndata: y\n\n',
    ]),
  ).toEqual([
    { id: '7', event: 'task', data: '{"a":1}' },
    { id: '7', event: 'message', data: 'x\ny' },
  ]);
});

test('an event that is not finished is not told', async () => {
  expect(await read(['data: 1\n\ndata: 2\n'])).toHaveLength(1);
});

test('the same events come out however the text was cut and its lines were ended', async () => {
  const events = fc.array(
    fc.record({
      id: fc.nat(),
      data: fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      events,
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat()),
      async (sent, end, cuts) => {
        const text = sent
          .map(({ id, data }) => `id: ${id}${end}data: ${data}${end}${end}`)
          .join('');
        const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort(
          (a, b) => a - b,
        );
        const pieces = [0, ...places].map((from, index) => text.slice(from, places[index]));
        // A lone CR at the end of all may be half of a line break still to come.
        const got = await read(end === '\r' ? [...pieces, ':'] : pieces);
        expect(got).toEqual(
          sent.map(({ id, data }) => ({ id: String(id), event: 'message', data })),
        );
      },
    ),
    { numRuns: 300 },
  );
});
