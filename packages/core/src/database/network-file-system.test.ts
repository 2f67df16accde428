import { expect, test } from 'vitest';
import { kindOfMount } from './network-file-system.ts';

const MOUNTS = String.raw`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:40 / /home/you/board\040s rw - nfs4 box:/boards rw,vers=4.2
32 31 0:41 / /home/you/board\040s/local rw - ext4 /dev/sdb1 rw
33 22 0:42 / /mnt/c rw,noatime - 9p drvfs rw
`;

test.each([
  ['/home/you/shop', 'ext4'],
  ['/home/you/board s', 'nfs4'],
  ['/home/you/board s/shop/.codepakt', 'nfs4'],
  ['/home/you/board s/local/shop', 'ext4'],
  ['/home/you/board s2', 'ext4'],
  ['/mnt/c/shop', '9p'],
])('%s lies on %s', (path, kind) => {
  expect(kindOfMount(MOUNTS, path)).toBe(kind);
});
