// A process of its own that reads a board through, at the lowest priority: `lookForDamage` starts it.
// It prints a sentence about what is damaged, or nothing, and ends when the process that started it does.
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { setImmediate as pause } from 'node:timers/promises';
import { CodepaktError } from '@codepakt/contract/light';
import { Database } from '../database/database.ts';
import { findDamage } from './find-damage.ts';

/** For a lock that a reader of a WAL hardly ever has to wait for. */
const BUSY_MS = 5_000;

async function examine(file: string): Promise<string | undefined> {
  // Opening it would make this file anew, and whoever has it open would go on with the old one.
  if (!existsSync(`${file}-shm`)) throw new Error('nobody has it open');
  const db = new Database(file, {
    busy_timeout_ms: BUSY_MS,
    auto_checkpoint: false,
    readonly: true,
  });
  try {
    const looking = findDamage(db, { piecemeal: true });
    for (;;) {
      const { done, value } = looking.next();
      if (done === true) return value;
      await pause();
    }
  } catch (error) {
    if (error instanceof CodepaktError && error.code === 'database_damaged') return error.message;
    throw error;
  } finally {
    db.close();
  }
}

setPriority(constants.priority.PRIORITY_LOW);
// The other end of it is held by who wants to know.
process.stdin.on('close', () => process.exit()).resume();
const found = await examine(process.argv[2] ?? '');
process.stdout.write(found ?? '', () => process.exit());
