import { Agent, get, request as httpRequest, type IncomingMessage } from 'node:http';

export interface Reply {
  status: number;
  text: string;
  /** From before it was sent until all was there. */
  ms: number;
}

/** A caller with a kept connection of its own, as an agent's tool is. */
export class Caller {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #name: string;

  constructor(url: string, name: string) {
    this.#url = new URL(url);
    this.#name = name;
  }

  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply> {
    const began = performance.now();
    const { hostname, port } = this.#url;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      'codepakt-agent': this.#name,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...(sent === undefined ? {} : { 'content-length': Buffer.byteLength(sent) }),
    };
    const options = { hostname, port, path, method, agent: this.#agent, headers };
    return new Promise((resolve, reject) => {
      const request = httpRequest(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - began }),
        );
      });
      request.once('error', reject).end(sent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** How a client reads an event stream: as it comes, a little now and then, or not at all. */
export type Habit = 'reading' | 'slow' | 'stalled';

/** A client with an event stream open; it knows what came, and whether anything is missing. */
export class StreamReader {
  readonly habit: Habit;
  events = 0;
  /** The id of the event that came last. */
  last = 0;
  /** Events that came twice, or not in their turn. */
  misplaced = 0;
  isOpen = false;
  #response: IncomingMessage | undefined;
  #rest = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(habit: Habit) {
    this.habit = habit;
  }

  /** Resolves when the daemon has begun to answer. */
  open(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: false }, (response) => {
        this.#response = response;
        this.isOpen = response.statusCode === 200;
        response.setEncoding('utf8').on('data', (piece: string) => this.#take(piece));
        response
          .on('error', () => undefined)
          .once('close', () => {
            this.isOpen = false;
            clearInterval(this.#timer);
          });
        if (this.habit !== 'reading') response.pause();
        if (this.habit === 'slow') this.#timer = setInterval(() => this.#sip(), 1_000);
        resolve();
      });
      request.once('error', reject);
    });
  }

  close(): void {
    this.#response?.destroy();
  }

  /** Takes all that waits, and goes on waiting. */
  #sip(): void {
    this.#response?.resume();
    setTimeout(() => this.#response?.pause(), 20);
  }

  #take(piece: string): void {
    const frames = (this.#rest + piece).split('\n\n');
    this.#rest = frames.pop() ?? '';
    for (const frame of frames) {
      if (!frame.includes('\ndata: ')) continue;
      const id = Number(/^id: (\d+)/m.exec(frame)?.[1]);
      // Every event of the board comes, so none is left out.
      if (this.last !== 0 && id !== this.last + 1) this.misplaced++;
      this.last = id;
      this.events++;
    }
  }
}
