// `npm start` and `npm test` begin here, on a machine that has only Node 20 or newer, npm and git.
// Plain JavaScript: this file runs before anything is installed, under whatever Node there is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('Usage: node scripts/set-up.mjs SCRIPT [ARGUMENT…]');
checkMachine();
const pnpm = installDependencies();
runScript(script, args, pnpm);

function checkMachine() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    fail(
      `Node ${process.versions.node} is too old to set this up with.`,
      'Install Node 20 or newer (https://nodejs.org) and try again.',
    );
  }
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).status !== 0) {
    fail('git was not found.', 'Install it (Debian: `apt-get install git`) and try again.');
  }
}

/** Makes node_modules what pnpm-lock.yaml says; returns the path of pnpm. */
function installDependencies() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(
    `Set-up: ${packageManager} installs what pnpm-lock.yaml lists (a minute the first time) … `,
  );
  const began = Date.now();
  const script = 'pnpm install --frozen-lockfile && command -v pnpm';

  // Under pnpm itself (`pnpm test`) npx would run with another Node and its settings, and pnpm is on PATH.
  const underPnpm = process.env.npm_config_user_agent?.startsWith('pnpm/');
  // Offline, npm would try for more than a minute, even for what it has in its cache, and pnpm for ever.
  const npx = `--yes --prefer-offline --fetch-retries=1 --fetch-retry-mintimeout=1000 --package=${packageManager} -c`;
  const [command, options] = underPnpm ? ['sh', ['-c']] : ['npx', npx.split(' ')];
  const { status, stdout, stderr, error } = spawnSync(command, [...options, script], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      pnpm_config_fetch_retries: '2',
      pnpm_config_fetch_retry_mintimeout: '1000',
      pnpm_config_fetch_retry_maxtimeout: '2000',
    },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) {
    console.log('failed');
    fail(...whyInstallFailed(`${stdout ?? ''}\n${stderr ?? ''}`, error));
  }
  console.log(`done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return stdout.trim().split('\n').at(-1);
}

function whyInstallFailed(output, error) {
  if (error) return [`${error.path ?? 'The installer'} could not be started: ${error.message}`];
  process.stderr.write(`${output.trim().split('\n').slice(-30).join('\n')}\n\n`);
  const offline = output.match(
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b|dns error|error sending request/,
  );
  if (offline) {
    return [
      `The package registry cannot be reached (${offline[0]}), and not all that is needed was downloaded before.`,
      'Connect to the network, or set the proxy (`npm config set https-proxy …`), and try again.',
    ];
  }
  if (output.includes('ENOSPC')) return ['The disk is full.'];
  if (output.includes('ERR_PNPM_OUTDATED_LOCKFILE')) {
    return [
      'pnpm-lock.yaml does not fit a package.json.',
      'Run `npx pnpm install` and commit the lockfile.',
    ];
  }
  return ['The dependencies could not be installed; the lines above say why.'];
}

/** Runs a script of this folder under the Node that was installed, with pnpm and the tools on PATH. */
function runScript(script, args, pnpm) {
  const { status, signal, error } = spawnSync(
    join(binaries, 'node'),
    [join(root, 'scripts', script), ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: [binaries, dirname(pnpm), process.env.PATH].join(delimiter),
      },
    },
  );
  if (error) fail(`Node could not be started: ${error.message}`);
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
}

function fail(reason, next = '') {
  console.error(`${reason}${next && `\n${next}`}`);
  process.exit(1);
}
