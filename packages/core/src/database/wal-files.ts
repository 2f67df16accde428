import { statSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract';
import { backUp } from './backup.ts';
import type { Database } from './database.ts';
import { reopenDatabase } from './open-database.ts';

/**
 * Watches over the two files beside a database that is open for long. Whoever deletes them takes
 * every change with them that was not yet written back, and nothing of SQLite's notices it: the
 * connection goes on writing into a file that has no name any more.
 */
export class WalFiles {
  readonly #db: Database;
  #wal: string | undefined;
  #shm: string | undefined;
  #damage: CodepaktError | undefined;

  /** @param db has been read from, so that both files are there */
  constructor(db: Database) {
    this.#db = db;
    this.#look();
  }

  /**
   * Saves what the files held when they are gone, and goes on with new ones. To be called before a
   * transaction.
   * @throws CodepaktError `busy` while somebody still reads them; `database_damaged` when another
   * process has written into others in their place, with a copy of all that this one knows
   */
  keep(): void {
    if (this.#damage !== undefined) throw this.#damage;
    const { file } = this.#db;
    const wal = placeOf(`${file}-wal`);
    const shm = placeOf(`${file}-shm`);
    if (wal === this.#wal && shm === this.#shm) return;
    const isOthers = wal === this.#wal ? shm !== undefined : sizeOf(`${file}-wal`) > 0;
    if (isOthers) {
      this.#damage = replaced(file, backUp(this.#db, 'rescued'));
      throw this.#damage;
    }
    reopenDatabase(this.#db);
    this.#look();
  }

  #look(): void {
    const { file } = this.#db;
    this.#wal = placeOf(`${file}-wal`);
    this.#shm = placeOf(`${file}-shm`);
  }
}

function replaced(file: string, copy: string): CodepaktError {
  return new CodepaktError(
    'database_damaged',
    `${file}-wal or ${file}-shm was replaced while the database was open: two programs have written past each other`,
    {
      hint: `All that was known here is in ${copy}. Run \`cpk server stop\`, then \`cpk restore\` with that file.`,
    },
  );
}

/** Which file lies at a path: another one there has another number. */
function placeOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
