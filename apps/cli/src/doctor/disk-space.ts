import { statfsSync, statSync } from 'node:fs';
import { type Finding, failure, ok, warning } from '@codepakt/core';
import type { Context } from '../context.ts';
import { existing } from './data-directory.ts';

const CHECK = 'disk';
const MIB = 1_048_576;
/** A migration keeps a copy of the board, and SQLite's log may grow for a while. */
const TIGHT = 512 * MIB;
/** The next write may fail. */
const FULL = 32 * MIB;

/** Whether there is room where the data directory and the project lie. */
export function examineDiskSpace({ data_dir, place }: Context): Finding[] {
  const folders = [existing(data_dir), ...(place?.root === undefined ? [] : [place.root])];
  const disks = new Map(folders.map((folder) => [statSync(folder).dev, folder]));
  return [...disks.values()].map(examineDisk);
}

function examineDisk(folder: string): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  const free = bavail * bsize;
  const message = `${showSize(free)} free on the disk of ${folder}`;
  // Some file systems don't count files, and say 0 of both.
  if (files > 0 && ffree === 0) {
    return failure(CHECK, `no more files fit on the disk of ${folder}`, 'delete some files');
  }
  if (free < FULL) return failure(CHECK, `only ${message}`, 'free some space');
  return free < TIGHT ? warning(CHECK, `only ${message}`, 'free some space') : ok(CHECK, message);
}

function showSize(bytes: number): string {
  const mib = bytes / MIB;
  return mib >= 1024 ? `${(mib / 1024).toFixed(1)} GiB` : `${mib.toFixed(0)} MiB`;
}
