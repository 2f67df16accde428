import { systemClock } from '../clock.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database/database.ts';
import { docsAstray } from './docs-astray.ts';
import { answersAstray, eventsAstray } from './log-astray.ts';
import { projectAstray } from './project-astray.ts';
import { tasksAstray } from './tasks-astray.ts';

/** So many are named. */
const NAMED = 3;

/**
 * Holds events against their checksums, and the board against the events, which tell all of it. SQLite
 * finds nothing wrong with a text in which a byte was changed, nor with a board that somebody wrote to
 * around codepakt. Answers what it finds in a sentence.
 */
export function* examineHistory(db: Database): Generator<undefined, string | undefined> {
  const ctx = { db, clock: systemClock };
  const forged = yield* collect([eventsAstray(ctx), answersAstray(ctx)]);
  if (forged.length > 0) return tell(db, forged, 'not what was written');
  const astray = yield* notToldIn(ctx);
  if (astray.length === 0) return undefined;
  const what =
    'not what the log of events tells, so that one of the two was changed by other means';
  return tell(db, astray, what);
}

/** The names of what the log of events tells otherwise. */
export function notToldIn(ctx: Context): Generator<undefined, string[]> {
  return collect([projectAstray(ctx), tasksAstray(ctx), docsAstray(ctx)]);
}

function* collect(looks: Iterable<string[]>[]): Generator<undefined, string[]> {
  const names: string[] = [];
  for (const look of looks) {
    for (const astray of look) {
      names.push(...astray);
      yield;
    }
  }
  return names;
}

function tell({ file }: Database, all: string[], what: string): string {
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  return `${file}: ${all.slice(0, NAMED).join(', ')}${more}: ${what}`;
}
