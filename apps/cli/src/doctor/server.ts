import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { API_VERSION } from '@codepakt/contract/light';
import { type Finding, failure, ok, warning } from '@codepakt/core';
import type { Context } from '../context.ts';
import { compareVersions } from '../daemon/compare-versions.ts';
import { type DaemonState, isAlive, lastDaemonState } from '../daemon/daemon-state.ts';
import { type Probe, probe } from '../daemon/probe.ts';
import type { ServerAddress } from '../server-address.ts';

const CHECK = 'server';

/** Whether the server of the data directory is well, or could be started. Starts none. */
export async function examineServer({
  address,
  data_dir,
  invocation,
}: Context): Promise<Finding[]> {
  if (!address.is_own) return [examineNamed(address, await probe(address.url), invocation.version)];
  const state = lastDaemonState(data_dir);
  if (state === undefined) {
    return [ok(CHECK, 'not running; it starts when it is needed'), ...(await examinePort(address))];
  }
  const found = isAlive(state.pid) ? await probe(state.url) : undefined;
  if (found?.who === 'codepakt' && found.instance_id === state.instance_id) {
    return [
      examineVersion(found, `running at ${state.url}, process ${state.pid}`, invocation.version),
    ];
  }
  if (found?.who === 'no answer' && isServer(state.pid)) {
    const message = `process ${state.pid} does not answer at ${state.url} within 2 s`;
    const mend = `if it stays so: kill -9 ${state.pid}, which harms no board`;
    return [failure(CHECK, message, mend)];
  }
  return [examineRemains(state, found), ...(await examinePort(address))];
}

/** A server that was named by its URL is somebody else's business. */
function examineNamed({ url, source }: ServerAddress, found: Probe, version: string): Finding {
  if (found.who === 'codepakt') return examineVersion(found, `running at ${url}`, version);
  const who = found.who === 'no answer' ? 'nobody answers in time' : `${found.who} answers`;
  return failure(
    CHECK,
    `${who} at ${url}, which ${source} names`,
    `leave ${source} out, or start that server`,
  );
}

function examineVersion(
  { version, api_version }: Extract<Probe, { who: 'codepakt' }>,
  where: string,
  ours: string,
): Finding {
  const difference = compareVersions(version, ours);
  const upgrade = `npm install --global codepakt@${version}`;
  if (api_version !== API_VERSION && difference > 0) {
    return failure(
      CHECK,
      `${where}, is version ${version}, with which this cpk ${ours} can't talk`,
      upgrade,
    );
  }
  if (difference > 0)
    return warning(CHECK, `${where}, is newer (${version}) than this cpk ${ours}`, upgrade);
  if (difference === 0) return ok(CHECK, `${where}, version ${version}`);
  const message = `${where}, is older (${version}) than this cpk ${ours}; the next command replaces it`;
  return warning(CHECK, message, 'cpk server restart');
}

function examineRemains({ pid }: DaemonState, found: Probe | undefined): Finding {
  const message =
    found === undefined
      ? `it died: process ${pid}, which daemon.json names, is gone`
      : `it died: process ${pid}, which daemon.json names, is another program now`;
  return warning(CHECK, `${message}; the next start replaces the file`, 'cpk server start');
}

async function examinePort({ url, source }: ServerAddress): Promise<Finding[]> {
  const found = await probe(url);
  const { port } = new URL(url);
  if (found.who === 'nobody') return [ok('port', `${port} is free`)];
  const who = {
    codepakt: 'the server of another data directory',
    'another program': 'another program',
    'no answer': 'a program that does not answer',
  }[found.who];
  const next = Number(port) < 65_535 ? Number(port) + 1 : 41_920;
  const mend = source === 'CPK_PORT' ? `export CPK_PORT=${next}` : `cpk config set port ${next}`;
  return [failure('port', `${port} is taken by ${who}`, mend)];
}

/** Process ids are used again: only a process that was started as a server may be told to be ended. */
function isServer(pid: number): boolean {
  return /\bserver run\b/.test(commandOf(pid));
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // it has ended meanwhile
  }
}
