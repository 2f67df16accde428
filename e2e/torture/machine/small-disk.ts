import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Attempt } from '../tally.ts';
import { Tally } from '../tally.ts';
import type { Size } from './machine.ts';

/** What a script on a disk of its own is told. */
export interface DiskJob {
  /** Where the disk is mounted. */
  disk: string;
  entry: string;
  seed: number;
  size: Size;
}

/** How a disk comes to be: `$DISK` is where it is to appear. */
export const TMPFS = 'mount -t tmpfs -o size=32m tmpfs "$DISK"';
/** A real file system on a real, if small, block device: for root only. */
export const EXT4 =
  'truncate -s 32m "$DISK.img" && mkfs.ext4 -q "$DISK.img" && mount -o loop "$DISK.img" "$DISK"';

/**
 * Runs a script in a mount namespace of its own, with a small disk that is gone when it ends, and
 * takes over what it has tallied. Answers false where the machine allows no such disk.
 */
export async function onSmallDisk(
  { entry, random, tally }: Attempt,
  script: string,
  size: Size,
  mount = TMPFS,
): Promise<boolean> {
  // Who is not root is so within a namespace of users, where a tmpfs may be mounted.
  const namespaces = process.getuid?.() === 0 ? ['-m'] : ['-m', '-r'];
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-disk-'));
  const disk = join(folder, 'disk');
  const env = { ...process.env, DISK: disk };
  const inside = (command: string) => [
    ...namespaces,
    'sh',
    '-c',
    `mkdir "$DISK" && ${mount} && ${command}`,
    'sh',
  ];
  try {
    if (
      spawnSync('unshare', inside('rmdir "$DISK/none" 2>/dev/null; true'), { env }).status !== 0
    ) {
      return false;
    }
    rmSync(disk, { recursive: true, force: true });
    const job: DiskJob = { disk, entry, seed: random.below(2 ** 31), size };
    const node = [
      process.execPath,
      '-C',
      '@codepakt/source',
      fileURLToPath(script),
      JSON.stringify(job),
    ];
    const child = spawn('unshare', [...inside('exec "$@"'), ...node], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const told = (await json(child.stdout)) as Pick<Tally, 'figures' | 'faults'>;
    await ended;
    for (const [what, times] of Object.entries(told.figures)) tally.count(what, times);
    tally.faults.push(...told.faults);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does a script's work on its disk, and tells what came of it. */
export async function runOnDisk(
  work: (job: DiskJob, tally: Tally) => Promise<void>,
): Promise<void> {
  const tally = new Tally();
  await work(JSON.parse(process.argv[2] ?? '') as DiskJob, tally);
  process.stdout.write(JSON.stringify({ figures: tally.figures, faults: tally.faults }));
}

/** Fills a disk but for so many KiB; answers how to free it again. */
export function fillUp(disk: string, left_kib: number): () => void {
  const file = join(disk, 'ballast');
  rmSync(file, { force: true });
  const { bavail, bsize } = statfsSync(disk);
  const bytes = bavail * bsize - left_kib * 1_024;
  try {
    if (bytes > 0) writeFileSync(file, Buffer.alloc(bytes));
  } catch (error) {
    // A daemon that works there has taken some of it meanwhile: then it is full at once.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return () => rmSync(file, { force: true });
}
