import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
}

/** One version of a package: what it says, and how its tarball is had. */
interface Release {
  manifest: Manifest;
  tarball: () => Buffer;
}

export interface Registry extends AsyncDisposable {
  url: string;
}

/**
 * A package registry on the loopback interface with our tarballs and all that they depend on, the
 * latter as it lies in this checkout. So package managers install as they would the published
 * packages, and no network has a say in it. `folders` hold further packages to be offered.
 */
export async function startRegistry(
  tarballs: string,
  folders: readonly string[] = [],
): Promise<Registry> {
  const releases = collect(tarballs, folders);
  const server = createServer((request, response) => answer(releases, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(releases: readonly Release[], ...[request, response]: Parameters<RequestListener>) {
  const path = decodeURIComponent(request.url ?? '').slice(1);
  const [name = '', file] = path.split('/-/');
  const versions = releases.filter(({ manifest }) => manifest.name === name);
  const wanted = versions.find(({ manifest }) => file === `${manifest.version}.tgz`);
  if (request.method !== 'GET' || versions.length === 0 || (file && !wanted)) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  } else if (wanted !== undefined) {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(wanted.tarball());
  } else {
    const packument = describe(name, versions, `http://${request.headers.host}/`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument));
  }
}

/** What a registry tells of a package: every version, with the hash of its tarball. */
function describe(name: string, releases: readonly Release[], url: string): object {
  const versions = releases.map(({ manifest, tarball }) => {
    const hash = (algorithm: string) => createHash(algorithm).update(tarball());
    const dist = {
      tarball: `${url}${name}/-/${manifest.version}.tgz`,
      shasum: hash('sha1').digest('hex'),
      integrity: `sha512-${hash('sha512').digest('base64')}`,
    };
    return [manifest.version, { ...manifest, dist }] as const;
  });
  // Long ago: some package managers wait a day before they trust something new.
  const published = versions.map(([version]) => [version, '2020-01-01T00:00:00.000Z'] as const);
  return {
    name,
    'dist-tags': { latest: versions.at(-1)?.[0] },
    versions: Object.fromEntries(versions),
    time: Object.fromEntries(published),
  };
}

/** Our packages out of their tarballs, those in folders, and with each what it needs, and so on. */
function collect(tarballs: string, folders: readonly string[]): Release[] {
  const releases = new Map<string, Release>();
  const add = (release: Release, from: string): void => {
    const { name, version, dependencies = {} } = release.manifest;
    if (releases.has(`${name}@${version}`)) return;
    releases.set(`${name}@${version}`, release);
    for (const needed of Object.keys(dependencies)) {
      if (needed.startsWith('@codepakt/')) continue;
      addFolder(installedFolder(needed, from));
    }
  };
  const addFolder = (folder: string): void =>
    add({ manifest: readManifest(folder), tarball: once(() => pack(folder)) }, folder);
  for (const folder of folders) addFolder(folder);
  for (const file of globSync('*.tgz', { cwd: tarballs })) {
    const path = join(tarballs, file);
    const text = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
    const manifest = JSON.parse(text) as Manifest & { repository: { directory: string } };
    const tarball = once(() => readFileSync(path));
    add({ manifest, tarball }, join(root, manifest.repository.directory));
  }
  return [...releases.values()];
}

/** Where Node would find `name` from `folder`. */
function installedFolder(name: string, folder: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  throw new Error(`${name} is not installed for ${folder}`);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function pack(folder: string): Buffer {
  const place = mkdtempSync(join(tmpdir(), 'codepakt-registry-'));
  try {
    symlinkSync(folder, join(place, 'package'));
    // Files that pnpm's store holds once are hard links here; as such not everybody would unpack them.
    const whole = process.platform === 'linux' ? ['--hard-dereference'] : [];
    const args = ['-chf', '-', ...whole, '--exclude', 'node_modules', '-C', place, 'package'];
    return gzipSync(execFileSync('tar', args, { maxBuffer: 256 * 1024 * 1024 }), { level: 0 });
  } finally {
    rmSync(place, { recursive: true });
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
