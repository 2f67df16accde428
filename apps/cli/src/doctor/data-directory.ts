import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { examineRights, type Finding, failure, ok, quoted } from '@codepakt/core';
import type { Context } from '../context.ts';
import { readUserSettings } from '../settings.ts';

const CHECK = 'data directory';
const FILES = ['settings.json', 'tokens.json', 'daemon.json', 'server.log'];

export function examineDataDirectory({ data_dir }: Context): Finding[] {
  const stat = statSync(data_dir, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    return [failure(CHECK, `${data_dir} is no folder`, 'export CPK_DATA_DIR=~/.codepakt')];
  }
  const place = existing(data_dir);
  if (!mayWrite(place)) {
    const mend = `chmod u+rwx ${quoted(place)}; if it is not yours: export CPK_DATA_DIR=~/.codepakt`;
    return [failure(CHECK, `${place} may not be written to`, mend)];
  }
  // Throws what is wrong with it.
  readUserSettings(data_dir);
  const findings = examineRights([data_dir, ...FILES.map((name) => join(data_dir, name))]);
  const state = stat === undefined ? `${data_dir} is made when it is needed` : data_dir;
  return findings.length > 0 ? findings : [ok(CHECK, state)];
}

/** The folder, or the nearest above it that is there. */
export function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false; // also of a disk that is mounted read-only
  }
}
