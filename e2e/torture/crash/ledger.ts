import { isDeepStrictEqual } from 'node:util';

/** A request under its idempotency key, and what came of it. */
export interface Asked {
  key: string;
  method: 'POST' | 'PATCH';
  /** Below the project's address. */
  path: string;
  agent: string | undefined;
  body: unknown;
  /** So many events bear the key once it has taken effect. */
  marks: number;
  /** What the client received; undefined: it was cut off, and nobody knows. */
  answer: unknown;
}

export type Request = Omit<Asked, 'answer' | 'marks'> & { marks?: number };

export interface LedgerOptions {
  /** Codes of refusals that are to be expected: nothing was done then, and it may be asked again. */
  may_refuse?: readonly string[];
}

const PATIENCE_MS = 60_000;

/** What a client makes of a refusal that was to be expected: as if the connection had broken. */
export class Refusal extends TypeError {}

/** Everything that clients asked of one board, and what they were told. */
export class Ledger {
  readonly faults: string[] = [];
  /** Answers that clients have received. */
  answers = 0;
  /** Requests sent again because their answer was lost, and just so. */
  retries = 0;
  repeats = 0;
  /** Refusals that were to be expected. */
  refusals = 0;
  readonly #asked = new Map<string, Asked>();
  readonly #unsure = new Set<string>();
  readonly #mayRefuse: ReadonlySet<string>;

  constructor({ may_refuse = [] }: LedgerOptions = {}) {
    this.#mayRefuse = new Set([...may_refuse, 'shutting_down']);
  }

  get all(): ReadonlyMap<string, Asked> {
    return this.#asked;
  }

  /** Asked, and never answered. */
  get unsure(): Asked[] {
    return [...this.#unsure].flatMap((key) => this.#asked.get(key) ?? []);
  }

  /** Those that were answered last. */
  lately(count: number): Asked[] {
    const answered = [...this.#asked.values()].filter(({ key }) => !this.#unsure.has(key));
    return answered.slice(-count);
  }

  /** Notes that something is about to be asked. */
  note(request: Request): Asked {
    const asked = { marks: 1, ...request, answer: undefined };
    this.#asked.set(asked.key, asked);
    this.#unsure.add(asked.key);
    return asked;
  }

  /** Notes an answer, which must be the one that was given before, if one was. */
  answered(asked: Asked, answer: unknown): void {
    if (this.#unsure.delete(asked.key)) {
      asked.answer = answer;
      this.answers++;
    } else if (!isDeepStrictEqual(asked.answer, answer)) {
      this.faults.push(`${asked.key} was answered otherwise when it was asked again`);
    }
  }

  /**
   * Sends a request and notes what comes of it.
   * @throws TypeError when the connection broke: nobody knows whether it took effect
   */
  async ask(api: string, request: Request): Promise<unknown> {
    return this.#send(api, this.note(request));
  }

  /** Sends again what got no answer, and some of what did: neither may have an effect of its own. */
  async askAgain(api: string, repeated: number): Promise<void> {
    const unsure = this.unsure;
    const known = this.lately(repeated);
    this.retries += unsure.length;
    this.repeats += known.length;
    for (const asked of [...unsure, ...known]) await this.#send(api, asked);
  }

  async #send(api: string, asked: Asked): Promise<unknown> {
    const patience = new AbortController();
    // While it runs, so does this process: fetch alone does not see to that when the server is killed.
    const timer = setTimeout(() => {
      this.faults.push(`${asked.key} was not answered in a minute`);
      patience.abort(new TypeError('no answer'));
    }, PATIENCE_MS);
    try {
      return await this.#exchange(api, asked, patience.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async #exchange(api: string, asked: Asked, signal: AbortSignal): Promise<unknown> {
    const { key, method, path, agent, body } = asked;
    const response = await fetch(api + path, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(agent === undefined ? {} : { 'codepakt-agent': agent }),
      },
      body: JSON.stringify(body),
      signal,
    });
    const answer: unknown = await response.json();
    const { code = '' } = answer as { code?: string };
    if (!response.ok && this.#mayRefuse.has(code)) {
      this.refusals++;
      throw new Refusal(code);
    }
    if (!response.ok) {
      this.faults.push(`${key} was refused with ${response.status}: ${JSON.stringify(answer)}`);
    }
    this.answered(asked, answer);
    return answer;
  }
}
