import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check, closed } from '@codepakt/contract';
import { replaceFile } from '@codepakt/core';
import * as Type from 'typebox';

/** What a running daemon says of itself in `daemon.json` in its data directory. */
export const DaemonInfo = closed({
  pid: Type.Integer(),
  host: Type.String(),
  port: Type.Integer(),
  /** What it was told, without what follows from its host. */
  allow_hosts: Type.Optional(Type.Array(Type.String())),
  url: Type.String(),
  version: Type.String(),
  api_version: Type.Integer(),
  instance_id: Type.String(),
  started_at: Type.String(),
});
export type DaemonInfo = Type.Static<typeof DaemonInfo>;

/** What the data directory says of its daemon, which may be gone: only its answer proves it alive. */
export function readDaemonInfo(data_dir: string): DaemonInfo | undefined {
  try {
    return check(DaemonInfo, JSON.parse(readFileSync(fileOf(data_dir), 'utf8')));
  } catch {
    // Not there, half a file of another version, or not ours: nothing is known.
    return undefined;
  }
}

/**
 * Written whole or not at all: a reader never sees half of it.
 * @throws CodepaktError `disk_full`, `read_only`
 */
export function writeDaemonInfo(data_dir: string, info: DaemonInfo): void {
  replaceFile(fileOf(data_dir), `${JSON.stringify(info)}\n`);
}

export function removeDaemonInfo(data_dir: string): void {
  rmSync(fileOf(data_dir), { force: true });
}

function fileOf(data_dir: string): string {
  return join(data_dir, 'daemon.json');
}
