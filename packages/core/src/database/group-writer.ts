import type { Database } from './database.ts';

export type Settled = { ok: true; value: unknown } | { ok: false; error: unknown };

/** Works that share a transaction without savepoints, while they are run. */
interface UnguardedGroup {
  /** One that failed had written something, which nothing but a savepoint takes back alone. */
  isSpoilt: boolean;
}

/** Runs what changes a board in transactions, one work or many of them in each. */
export class GroupWriter {
  readonly #db: Database;
  readonly #begin: () => void;
  #group: UnguardedGroup | undefined;
  /** Whether something was written since this was last set to false. */
  hasWritten = true;

  /** `begin` is called inside each transaction before its first work. */
  constructor(db: Database, begin: () => void) {
    this.#db = db;
    this.#begin = begin;
  }

  /** One `BEGIN IMMEDIATE` transaction around the work; inside another one, a savepoint. */
  write<T>(work: () => T): T {
    if (this.#group !== undefined) return this.#unguarded(work, this.#group);
    if (this.#db.inTransaction) return this.#db.transaction(work);
    this.hasWritten = true;
    return this.#db.transaction(() => {
      this.#begin();
      return work();
    });
  }

  /** Many works in one transaction, each of them all or nothing; a work may be run twice. */
  writeAll(works: readonly (() => unknown)[]): Settled[] {
    return (
      this.#withoutSavepoints(works) ?? this.write(() => works.map((work) => this.#settle(work)))
    );
  }

  /** Savepoints would copy each page that a work changes. Undefined when the group was spoilt. */
  #withoutSavepoints(works: readonly (() => unknown)[]): Settled[] | undefined {
    const group = { isSpoilt: false };
    const outer = this.#group;
    try {
      return this.write(() => {
        this.#group = group;
        return works.map((work) => {
          const settled = this.#settle(work);
          if (group.isSpoilt) throw new Error('a work that failed left something behind');
          return settled;
        });
      });
    } catch (error) {
      if (group.isSpoilt) return undefined;
      throw error;
    } finally {
      this.#group = outer;
    }
  }

  #settle(work: () => unknown): Settled {
    try {
      return { ok: true, value: this.write(work) };
    } catch (error) {
      // Some errors, such as a full disk, end the whole transaction.
      if (!this.#db.inTransaction) throw error;
      return { ok: false, error };
    }
  }

  #unguarded<T>(work: () => T, group: UnguardedGroup): T {
    const before = this.#db.writes;
    try {
      return work();
    } catch (error) {
      if (this.#db.writes !== before) group.isSpoilt = true;
      throw error;
    }
  }
}
