import type { Consumer } from './consumer.ts';

const PACKAGES = [
  'codepakt',
  '@codepakt/core',
  '@codepakt/scanner',
  '@codepakt/grammars',
  '@codepakt/api-client',
  '@codepakt/contract',
];

export interface PackageManager {
  name: string;
  /** How it is called in a shell. */
  command: string;
  /** The line of shell that adds packages to a project; no package may run a script. */
  add: (registry: string) => string;
  /** What has to be in the project before. */
  files?: (registry: string) => Record<string, string>;
}

/** npm, or any version of it as `command` says. */
export function npm(command = 'npm', name = command): PackageManager {
  const quiet = '--no-audit --no-fund --loglevel=error';
  return {
    name,
    command,
    add: (registry) => `${command} install --ignore-scripts ${quiet} --registry ${registry}`,
  };
}

export function pnpm(command: string, name = command): PackageManager {
  return {
    name,
    command,
    add: (registry) =>
      `${command} add --ignore-scripts --reporter=silent --store-dir "$HOME/store" --registry ${registry}`,
  };
}

/** Yarn 1. */
export function yarnClassic(command: string, name: string): PackageManager {
  return {
    name,
    command,
    add: (registry) =>
      `${command} add --ignore-scripts --silent --cache-folder "$HOME/cache" --registry ${registry}`,
  };
}

/** Yarn 4, with a folder node_modules. */
export function yarnBerry(command: string, name: string): PackageManager {
  return {
    name,
    command,
    add: () => `${command} add`,
    files: (registry) => ({
      'yarn.lock': '',
      '.yarnrc.yml': `nodeLinker: node-modules
enableScripts: false
enableTelemetry: false
npmRegistryServer: ${registry}
unsafeHttpWhitelist: [127.0.0.1]
`,
    }),
  };
}

/** Installs packages in the consumer's project. */
export async function install(
  consumer: Consumer,
  { add, files }: PackageManager,
  registry: string,
  packages: readonly string[] = PACKAGES,
): Promise<void> {
  for (const [file, text] of Object.entries(files?.(registry) ?? {})) consumer.write(file, text);
  await consumer.must(`${add(registry)} ${packages.join(' ')}`);
}
