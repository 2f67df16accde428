import { CodepaktError } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { toCodepaktError } from './sqlite-error.ts';

function told(code: string, file: string): CodepaktError {
  const error = toCodepaktError(new Sqlite.SqliteError('disk I/O error', code), file);
  if (!(error instanceof CodepaktError)) throw error;
  return error;
}

test('a disk that fails while it is read is not said to have failed in writing', () => {
  const { code, message } = told('SQLITE_IOERR_READ', 'data.db');
  expect([code, message]).toEqual(['read_only', 'data.db: the disk failed']);
  expect(told('SQLITE_IOERR_FSYNC', 'data.db').message).toContain('not saved');
});

test.for(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR_SHORT_READ'])(
  'whose database is unusable (%s) is told how a backup comes in its place',
  (code) => {
    expect(told(code, 'data.db').hint).toContain('`cpk restore FILE`');
  },
);

test('a file that is not there is told apart from one that may not be opened', () => {
  using place = temporaryFolder();
  expect(told('SQLITE_CANTOPEN', place.beside('none.db'))).toMatchObject({
    code: 'project_not_found',
    message: `${place.beside('none.db')} is not there`,
    hint: expect.stringContaining('`cpk init`'),
  });
  expect(told('SQLITE_CANTOPEN', place.folder).code).toBe('read_only');
});
