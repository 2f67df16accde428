import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';

/** File systems on which SQLite's locks or its shared memory are not to be trusted. */
const UNSAFE = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'smbfs',
  '9p',
  'virtiofs',
  'drvfs',
  'afs',
  'ncpfs',
  'fuse.sshfs',
  'fuse.s3fs',
  'fuse.rclone',
  'fuse.gvfsd-fuse',
]);

/** @throws CodepaktError `database_unsafe` where a database would lie on a network file system */
export function refuseUnsafePlace(file: string): void {
  const kind = networkFileSystem(dirname(file));
  if (kind === null) return;
  throw new CodepaktError(
    'database_unsafe',
    `${file} lies on a network file system (${kind}), where SQLite is not safe`,
    {
      hint: existsSync(file)
        ? '`cpk doctor` says how to move it to where it is safe.'
        : 'Run `cpk init --hosted`: it keeps the database in the data directory.',
    },
  );
}

/** The kind of network file system that a folder lies on, or null; known on Linux only. */
export function networkFileSystem(folder: string): string | null {
  if (process.platform !== 'linux') return null;
  let mounts: string;
  let real: string;
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    real = realpathSync(folder);
  } catch {
    return null; // no /proc, or no folder: opening the file will say what is wrong
  }
  const kind = kindOfMount(mounts, real);
  return kind !== null && UNSAFE.has(kind) ? kind : null;
}

/** The file system type of the innermost mount that holds `path`, from the text of mountinfo (proc(5)). */
export function kindOfMount(mountinfo: string, path: string): string | null {
  let best = '';
  let kind: string | null = null;
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const mountPoint = unescapeOctal(before.split(' ')[4] ?? '');
    const inside = mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
    if (mountPoint === '' || !inside || mountPoint.length < best.length) continue;
    best = mountPoint;
    kind = after.split(' ')[0] ?? null;
  }
  return kind;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
