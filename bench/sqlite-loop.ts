import { openDatabaseFile } from '@codepakt/core';
import Sqlite from 'better-sqlite3';

interface Step {
  sql: string;
  values: unknown[];
}

/** So many pickups are made before the one that is recorded, so that its number stands for nothing else. */
const BEFORE = 7_776;
const RECORDED = BEFORE + 1;

/**
 * The statements of a pickup, without codepakt around them: one pickup of core is recorded, and its
 * statements are run again and again with other numbers and names.
 */
export class SqliteLoop implements Disposable {
  readonly #sqlite: Sqlite.Database;
  readonly #steps: { statement: Sqlite.Statement; run: 'run' | 'get'; values: unknown[] }[];
  #next = RECORDED + 1;

  /** The board needs free tasks with the numbers from 1 on, all of one priority. */
  constructor(file: string) {
    const steps = record(file);
    this.#sqlite = new Sqlite(file);
    this.#sqlite.pragma('synchronous = FULL');
    this.#sqlite.pragma('foreign_keys = ON');
    this.#sqlite.pragma('temp_store = MEMORY');
    this.#sqlite.pragma('wal_autocheckpoint = 0');
    this.#steps = steps.map(({ sql, values }) => {
      const statement = this.#sqlite.prepare(sql);
      return { statement, run: statement.reader ? 'get' : 'run', values };
    });
  }

  get statements(): number {
    return this.#steps.length;
  }

  /** Picks up for so many seconds, so many in each commit; answers pickups a second. */
  run(seconds: number, group: number): number {
    const began = performance.now();
    const commit = this.#sqlite.transaction(() => {
      for (let index = 0; index < group; index++) this.#pickUp(this.#next++);
    });
    let count = 0;
    while (performance.now() - began < seconds * 1_000) {
      commit.immediate();
      count += group;
    }
    const elapsed = (performance.now() - began) / 1_000;
    // As the daemon does, between requests.
    this.#sqlite.pragma('wal_checkpoint(PASSIVE)');
    this.#verify();
    return count / elapsed;
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }

  #pickUp(number: number): void {
    for (const { statement, run, values } of this.#steps) {
      statement[run](...values.map((value) => replace(value, number)));
    }
  }

  #verify(): void {
    const taken = this.#sqlite
      .prepare("SELECT count(*) FROM tasks WHERE status = 'in-progress'")
      .pluck()
      .get();
    if (taken !== this.#next - 1)
      throw new Error(`${taken} tasks are taken, not ${this.#next - 1}`);
  }
}

function replace(value: unknown, number: number): unknown {
  if (value === RECORDED) return number;
  return typeof value === 'string' && NAMES.includes(value) ? `${value}-${number}` : value;
}

const NAMES = ['recorded-agent', 'recorded-key'];

/** Every statement of one pickup under an idempotency key, with the values bound to it. */
function record(file: string): Step[] {
  using warmUp = openDatabaseFile(file);
  for (let left = BEFORE; left > 0; left -= 108) {
    const works = Array.from({ length: 108 }, (_, index) => () => {
      warmUp.tasks.pickUp({ agent: `before-${left}-${index}` });
    });
    warmUp.writeAll(works);
  }
  const steps: Step[] = [];
  const prepare = Sqlite.prototype.prepare;
  using project = openDatabaseFile(file);
  Sqlite.prototype.prepare = function (this: Sqlite.Database, sql: string) {
    const statement = prepare.call(this, sql);
    for (const method of ['get', 'all', 'run', 'iterate'] as const) {
      const original = statement[method].bind(statement) as (...values: unknown[]) => unknown;
      Object.assign(statement, {
        [method]: (...values: unknown[]) => {
          steps.push({ sql, values });
          return original(...values);
        },
      });
    }
    return statement;
  } as typeof prepare;
  try {
    project.write(() =>
      project.once('recorded-key', 'fingerprint', () =>
        project.tasks.pickUp({ agent: 'recorded-agent' }),
      ),
    );
  } finally {
    Sqlite.prototype.prepare = prepare;
  }
  return steps.filter(({ sql }) => /^\s*(?:select|insert|update)\b/i.test(sql));
}
