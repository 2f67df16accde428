import { existsSync } from 'node:fs';
import type { KnownIndex } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import {
  APPLICATION_ID,
  INDEX_APPLICATION_ID,
  NEWEST_VERSION,
  tooNew,
} from '../database/migrations.ts';
import { CodeIndex } from './code-index.ts';
import { knownIndex } from './known-index.ts';
import { LeanConnection } from './lean-connection.ts';
import { generationOf } from './replace-files.ts';

/** An index to ask, on a connection of its own. Close it, or declare it with `using`. */
export class OpenCodeIndex extends CodeIndex {
  readonly #connection: LeanConnection;

  constructor(connection: LeanConnection, root: string) {
    super(connection, root);
    this.#connection = connection;
  }

  /** What a scan would be compared with. */
  known(): KnownIndex {
    return this.#connection.snapshot(() => {
      const known = knownIndex(this.#connection);
      // They are wanted after the index is closed, too.
      return { ...known, files: [...known.files] };
    });
  }

  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens an index for questions, in a board's database or a worktree's own. Nothing is written.
 * @param root the folder whose files it is of
 * @param bytes what the file holds, to be read instead of it
 * @throws CodepaktError `index_out_of_date` when nothing was scanned yet, `database_newer`
 */
export function openIndex(file: string, root: string, bytes?: Uint8Array): OpenCodeIndex {
  if (!existsSync(file)) throw nothingScanned(root);
  const connection = new LeanConnection(file, { readonly: true, bytes });
  try {
    connection.exec('PRAGMA trusted_schema = OFF');
    const version = versionOfIndex(connection);
    if (version < FIRST_WITH_INDEX || generationOf(connection) === 0) throw nothingScanned(root);
    if (version < NEWEST_VERSION) throw madeEarlier(root);
    return new OpenCodeIndex(connection, root);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * The version of the tables in a database; 0 when it is none of ours: a scan will say whose it is.
 * @throws CodepaktError `database_newer`
 */
export function versionOfIndex(connection: LeanConnection): number {
  const id = connection.first<{ application_id: number }>('PRAGMA application_id')?.application_id;
  if (id !== APPLICATION_ID && id !== INDEX_APPLICATION_ID) return 0;
  const row = connection.first<{ version: number | null }>(
    'SELECT max(version) AS version FROM schema_version',
  );
  const version = row?.version ?? 0;
  if (version > NEWEST_VERSION) throw tooNew(connection.file, version);
  return version;
}

/** The migration that made its tables. */
const FIRST_WITH_INDEX = 2;

/** No scan was there, or an update of codepakt has emptied the index. */
function nothingScanned(root: string): CodepaktError {
  return new CodepaktError('index_out_of_date', `${root} has no code index`, {
    hint: 'Make it: cpk scan',
  });
}

function madeEarlier(root: string): CodepaktError {
  const message = `the code index of ${root} was made by an earlier version of codepakt`;
  return new CodepaktError('index_out_of_date', message, { hint: 'Bring it up to date: cpk scan' });
}
