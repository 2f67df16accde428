import type { Clock } from './clock.ts';
import type { Database } from './database/database.ts';

/** What every operation works on. */
export interface Context {
  db: Database;
  clock: Clock;
}

/** Who acts: an agent's name; left out, it is a person. */
export interface By {
  agent?: string | undefined;
}
