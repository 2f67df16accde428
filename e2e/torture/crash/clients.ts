import type { PickupResult } from '../../../packages/contract/src/index.ts';
import type { Random } from '../random.ts';
import type { Ledger } from './ledger.ts';

export interface ClientOptions {
  /** Where the project is served. */
  api: string;
  ledger: Ledger;
  random: Random;
  /** The client's name, no other's before it. */
  name: string;
  signal: AbortSignal;
}

/** Words for descriptions, so that pages of the database fill. */
const PROSE = 'what is to be done, and how one knows that it is. '.repeat(8);

/**
 * One client that adds, picks up, notes and finishes as fast as it is answered. Everything it sends
 * bears its key, so that it is found again in the events. Ends when the server is gone.
 */
export async function runClient({
  api,
  ledger,
  random,
  name,
  signal,
}: ClientOptions): Promise<void> {
  let calls = 0;
  const key = () => `${name}:${++calls}`;
  const post = (path: string, body: (key: string) => object, marks = 1, agent = name) => {
    const own = key();
    return ledger.ask(api, { key: own, method: 'POST', path, agent, body: body(own), marks });
  };
  const addOne = () => post('/tasks', (title) => ({ title, description: PROSE }));
  const addMany = () => {
    const count = 2 + random.below(12);
    const titles = Array.from({ length: count }, (_, index) => index + 1);
    const batch = (key: string) => ({ tasks: titles.map((n) => ({ title: `${key}#${n}` })) });
    return post('/tasks/batch', batch, count);
  };
  const write = () => post('/docs', (title) => ({ type: 'learning', title, body: PROSE }));
  const work = async () => {
    // Its event says who and which claim; that is looked for instead of the key.
    const { task } = (await post('/tasks/pickup', () => ({}), 0)) as PickupResult;
    if (task === null) return;
    const on = (act: string) => `/tasks/${task.id}/${act}`;
    if (random.chance(0.5)) await post(on('notes'), (body) => ({ body, claim: task.claim }));
    const end = random.next();
    if (end < 0.2) await post(on('release'), (note) => ({ note, claim: task.claim }));
    else if (end < 0.4) await post(on('block'), (reason) => ({ reason, claim: task.claim }));
    else await post(on('done'), (note) => ({ note, claim: task.claim }));
  };
  try {
    while (!signal.aborted) {
      const act = random.next();
      if (act < 0.3) await addOne();
      else if (act < 0.4) await addMany();
      else if (act < 0.45) await write();
      else await work();
    }
  } catch (error) {
    // What fetch throws when the connection breaks or nobody listens.
    if (!(error instanceof TypeError)) throw error;
  }
}
