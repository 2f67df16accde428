import { existsSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract/light';
import { lookForDamage } from '@codepakt/core';
import { runServer } from '@codepakt/server';
import type { Context } from '../context.ts';
import { resolveServerSettings, type ServerArguments } from '../server-options.ts';
import { readUserSettings } from '../settings.ts';
import { storeToken } from '../store-token.ts';
import { type LaunchReport, sayWaiting } from './launch.ts';
import { serverToken } from './server-token.ts';

export interface RunDaemonArguments extends ServerArguments {
  detached: boolean | undefined;
}

/** Serves until SIGTERM or SIGINT. Tells the process that started it, if one did, how the start went. */
export async function runDaemon(args: RunDaemonArguments, context: Context): Promise<void> {
  const { invocation, data_dir, output } = context;
  const { env, version, dashboardDir, boardExaminer: script } = invocation;
  const detached = args.detached === true;
  try {
    const settings = resolveServerSettings(args, env, readUserSettings(data_dir));
    const { host, port, allow_hosts } = settings;
    const token = serverToken(settings, invocation);
    await runServer(
      {
        data_dir,
        version,
        host,
        port,
        allow_hosts,
        token,
        // A build without the dashboard serves a plain page in its place.
        dashboard_dir:
          dashboardDir !== undefined && existsSync(dashboardDir) ? dashboardDir : undefined,
        examine:
          env.CPK_NO_EXAMINATION === '1'
            ? undefined
            : (file, signal) => lookForDamage(file, { script, signal }),
        onWaiting: detached ? (waiting) => send({ waiting }) : sayWaiting,
        log: { to: detached ? 'file' : 'stderr' },
      },
      (server) => {
        storeToken(data_dir, server.url, token);
        if (detached) report({ ready: server });
        else output.say(`codepakt ${version} serves at ${server.url}; Ctrl-C ends it`);
      },
    );
  } catch (error) {
    if (detached) report({ failed: toFailure(error) });
    throw error;
  }
}

function toFailure(error: unknown): { code: string; message: string; hint: string | undefined } {
  if (error instanceof CodepaktError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  return { code: 'internal', message: String(error), hint: 'See `cpk server logs`.' };
}

/** To the parent, which then lets go: the channel would keep it from ending. */
function report(message: LaunchReport): void {
  send(message, () => {
    if (process.connected) process.disconnect();
  });
}

/** To the parent; one that is gone need not know. */
function send(message: LaunchReport, onSent: () => void = () => undefined): void {
  process.send?.(message, onSent);
}
