import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InstalledPackage, installScriptsOf, shippedPackages } from './shipped-packages.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface AuditReport {
  figures: Record<string, string | number>;
  faults: string[];
}

/** Looks at what of others reaches users: known weaknesses, install scripts, and the lockfile. */
export function auditPackages(): AuditReport {
  const faults: string[] = [];
  const shipped = shippedPackages();
  const installed = shipped.filter(({ isInstalled }) => isInstalled);
  const withScripts = installed.filter((one) => installScriptsOf(one).length > 0);
  for (const { name, version } of withScripts)
    faults.push(`${name}@${version} runs a script when it is installed`);
  const figures = {
    packages_of_others: shipped.length,
    of_these_installed_by_users: installed.length,
    with_install_scripts: withScripts.length,
    lockfile: lockfileHolds() ? 'holds' : 'does not hold',
    known_weaknesses: askRegistry(shipped, faults),
  };
  if (figures.lockfile !== 'holds')
    faults.push('pnpm-lock.yaml does not say what the manifests ask for');
  return { figures, faults };
}

/** Whether an install from the lockfile alone would do what the manifests ask for. */
function lockfileHolds(): boolean {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    packageManager: string;
  };
  const args = ['install', '--frozen-lockfile', '--lockfile-only', '--offline'];
  const byPnpm = spawnSync('pnpm', args, { cwd: ROOT, encoding: 'utf8' });
  if (byPnpm.error === undefined) return byPnpm.status === 0;
  // Started by hand, outside of pnpm.
  const npx = ['--yes', '--prefer-offline', packageManager, ...args];
  return spawnSync('npx', npx, { cwd: ROOT, encoding: 'utf8' }).status === 0;
}

interface NpmAudit {
  metadata?: { vulnerabilities?: { total: number } };
  vulnerabilities?: Record<string, { severity: string; via: unknown[] }>;
  message?: string;
  error?: { summary?: string };
}

/** What `npm audit` says of these very versions; a registry may have no audit. */
function askRegistry(shipped: readonly InstalledPackage[], faults: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-audit-'));
  try {
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'audited', version: '1.0.0' }),
    );
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockOf(shipped)));
    const { stdout, stderr } = spawnSync('npm', ['audit', '--json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const audit = parse(stdout);
    const total = audit?.metadata?.vulnerabilities?.total;
    if (total === undefined) {
      const why = audit?.message ?? audit?.error?.summary ?? stderr.trim().split('\n').at(-1) ?? '';
      return `not told: the registry has no audit (${why.slice(0, 120)})`;
    }
    for (const [name, { severity }] of Object.entries(audit?.vulnerabilities ?? {})) {
      faults.push(`${name} has a known weakness (${severity})`);
    }
    return String(total);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A lockfile of npm that names these packages side by side: an audit asks for no more. */
function lockOf(shipped: readonly InstalledPackage[]) {
  const entries = shipped.map(({ name, version }, at) => [
    // Of several versions of a package each needs a place of its own.
    `node_modules/x${at}/node_modules/${name}`,
    { version },
  ]);
  return {
    name: 'audited',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'audited', version: '1.0.0' }, ...Object.fromEntries(entries) },
  };
}

function parse(text: string): NpmAudit | undefined {
  try {
    return JSON.parse(text) as NpmAudit;
  } catch {
    return undefined; // said by the caller
  }
}
