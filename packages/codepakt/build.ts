// Builds dist/, unless it was built from the very same files: `node build.ts` in this folder.
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OutputOptions, rolldown } from 'rolldown';
import config from './rolldown.config.ts';
import { gatherLibraries, thirdPartyText } from './third-party.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const dist = join(here, 'dist');

const began = Date.now();
const inputs = fingerprint();
if (inputs === builtFrom()) {
  console.log('Build: nothing changed');
} else {
  await build();
  console.log(`Build: packages/codepakt/dist in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function build(): Promise<void> {
  // Made beside and then moved into place: whoever runs the old one meanwhile never sees half a build.
  const next = join(here, `dist-${randomUUID()}`);
  try {
    const { plugin, libraries } = gatherLibraries();
    const bundle = await rolldown({ ...config, cwd: here, plugins: [config.plugins, plugin] });
    await bundle.write({ ...(config.output as OutputOptions), dir: next });
    await bundle.close();
    copyGrammars(join(next, 'grammars'));
    buildDashboard(join(next, 'dashboard'));
    writeFileSync(join(next, 'THIRD-PARTY.md'), thirdPartyText(libraries, next));
    chmodSync(join(next, 'cpk.js'), 0o755);
    writeFileSync(join(next, '.inputs'), inputs);
    moveIntoPlace(next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Replaces dist/; when another build does so in the same moment, the later one wins. */
function moveIntoPlace(next: string): void {
  for (let attempt = 1; ; attempt += 1) {
    rmSync(dist, { recursive: true, force: true });
    try {
      renameSync(next, dist);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

function copyGrammars(target: string): void {
  const ours = new Set(['dist', 'src', 'node_modules', 'package.json', 'tsconfig.json']);
  cpSync(join(root, 'grammars'), target, {
    recursive: true,
    filter: (path) => !ours.has(path.slice(join(root, 'grammars/').length)),
  });
}

/** A process of its own: Vite is the dashboard's tool, and Node's module for it lies there. */
function buildDashboard(target: string): void {
  const folder = join(root, 'apps/dashboard');
  const vite = join(folder, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--outDir', target, '--emptyOutDir', '--logLevel', 'warn'];
  execFileSync(process.execPath, args, {
    cwd: folder,
    // Vite takes over what it finds there, and tests set it: React would come in its slow form.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function builtFrom(): string | undefined {
  const note = join(dist, '.inputs');
  return existsSync(note) ? readFileSync(note, 'utf8') : undefined;
}

/** A hash over the names and contents of all that goes into the bundle. */
function fingerprint(): string {
  const files = globSync(
    [
      'pnpm-lock.yaml',
      '{apps,packages}/*/package.json',
      '{apps,packages}/*/src/**/*',
      'apps/dashboard/{index.html,vite.config.ts,public/**/*}',
      'grammars/{*,!(dist)/**/*}',
      'packages/codepakt/*.ts',
    ],
    {
      cwd: root,
      withFileTypes: true,
      exclude: (entry) => entry.name === 'node_modules' || entry.name.includes('.test.'),
    },
  ).filter((entry) => entry.isFile());
  const hash = createHash('sha256');
  for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
