import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Our own packages that reach users: published, or bundled into one that is. */
const OURS = ['packages/*', 'grammars', 'apps/*'];

export interface InstalledPackage {
  name: string;
  version: string;
  folder: string;
  /** Whether npm installs it on a user's machine; the others are only bundled. */
  isInstalled: boolean;
}

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  gypfile?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

/** Everything of others that reaches users, with all that it needs in turn. */
export function shippedPackages(): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  for (const pattern of OURS) {
    for (const file of globSync(join(pattern, 'package.json'), { cwd: ROOT })) {
      const folder = join(ROOT, dirname(file));
      follow(folder, readManifest(folder).private !== true, found);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a package would run on the machine of whoever installs it. */
export function installScriptsOf({ folder }: Pick<InstalledPackage, 'folder'>): string[] {
  const { scripts = {}, gypfile } = readManifest(folder);
  const named = ['preinstall', 'install', 'postinstall'].filter((name) => name in scripts);
  // Without a script of its own npm builds whatever has one of these, unless told not to.
  const isBuilt = existsSync(join(folder, 'binding.gyp')) && gypfile !== false;
  return isBuilt && named.length === 0 ? ['node-gyp rebuild'] : named;
}

function follow(folder: string, isInstalled: boolean, found: Map<string, InstalledPackage>): void {
  const { dependencies, optionalDependencies } = readManifest(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    // An optional one may be for another system.
    const place = lookUp(folder, name);
    if (place === undefined) continue;
    const isOurs = !place.includes(`${join('node_modules', '.pnpm')}`);
    if (isOurs) continue;
    const { version } = readManifest(place);
    const known = found.get(place);
    if (known !== undefined && (known.isInstalled || !isInstalled)) continue;
    found.set(place, { name, version, folder: place, isInstalled });
    follow(place, isInstalled, found);
  }
}

/** As Node finds a package: in the nearest `node_modules` upwards. */
function lookUp(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (dirname(at) === at) return undefined;
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
