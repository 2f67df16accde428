export interface ServerSentEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** The most that one event may hold, in UTF-16 units: far above what a server of ours sends. */
const MAX_EVENT_LENGTH = 33_554_432;

/** Reads an event stream (WHATWG HTML, 9.2.6), however it was cut into pieces. Comments are passed over. */
export async function* readServerSentEvents(
  pieces: AsyncIterable<string>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let id: string | undefined;
  let event = '';
  let data: string[] = [];
  for await (const line of readLines(pieces)) {
    if (line === '') {
      if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
}

/** Lines that end in LF, CR LF or CR; an unfinished last one is dropped. */
async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  let first = true;
  for await (const piece of pieces) {
    let text = rest + piece;
    if (first && text !== '') {
      if (text.startsWith('\uFEFF')) text = text.slice(1);
      first = false;
    }
    // A CR at the very end may be the first half of CR LF: it waits for the next piece.
    const held = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + held;
    if (rest.length > MAX_EVENT_LENGTH) throw new RangeError('The event stream has no line breaks');
    yield* lines;
  }
}
