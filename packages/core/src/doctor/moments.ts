import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';

/** What an imported board's own log did not explain when it came; a list of names. */
const UNTOLD = 'untold';

/** The names of what is not as it should be among some rows, and after which row it goes on. */
export interface Look {
  astray: string[];
  /** Undefined when there is nothing more. */
  next: number | undefined;
}

/**
 * Looks at a table bit by bit. Each bit, with what it is held against, is one moment of the board, so
 * that nobody's change falls in between; and it is short, so that the WAL of a busy board stays so too.
 */
export function* inMoments(ctx: Context, look: (after: number) => Look): Generator<string[]> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after;
    const { astray, next } = ctx.db.snapshot(() => withoutUntold(ctx, look(from)));
    yield astray;
    after = next;
  }
}

const untold = prepared(() =>
  sqlBuilder.selectFrom('metadata').select('value').where('key', '=', UNTOLD),
);

function withoutUntold(ctx: Context, found: Look): Look {
  if (found.astray.length === 0) return found;
  const { value = '[]' } = ctx.db.first(untold, {}) ?? {};
  const known = new Set(JSON.parse(value) as string[]);
  return { ...found, astray: found.astray.filter((name) => !known.has(name)) };
}

/** Notes what nobody can hold against the log, because an imported board came like that. */
export function noteUntold({ db }: Context, names: readonly string[]): void {
  if (names.length === 0) return;
  const value = JSON.stringify(names);
  db.run(sqlBuilder.insertInto('metadata').orReplace().values({ key: UNTOLD, value }));
}

/** For a log that is replaced: what the one before did not explain counts no longer. */
export function forgetUntold({ db }: Context): void {
  db.run(sqlBuilder.deleteFrom('metadata').where('key', '=', UNTOLD));
}
