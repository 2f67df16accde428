import { DEFAULT_PORT } from '@codepakt/contract/light';
import type { UserSettings } from './settings.ts';
import { wrongUsage } from './wrong-usage.ts';

/** Which server a command talks to. */
export interface ServerAddress {
  /** `http://127.0.0.1:41920` */
  url: string;
  /** Who said so. */
  source: '--url' | 'CPK_URL' | 'CPK_PORT' | 'project config' | 'settings' | 'default';
  /**
   * The daemon of this data directory is started, found on another port and replaced on its own;
   * a server that was named by its URL is somebody else's business.
   */
  is_own: boolean;
}

export interface AddressSources {
  url: string | undefined;
  env: NodeJS.ProcessEnv;
  project_url: string | undefined;
  settings: UserSettings;
}

/** @throws CodepaktError `wrong_usage` when an address or port is none. */
export function resolveAddress({ url, env, project_url, settings }: AddressSources): ServerAddress {
  if (url !== undefined) return named(url, '--url');
  if (env.CPK_URL) return named(env.CPK_URL, 'CPK_URL');
  if (env.CPK_PORT) return own(parsePort(env.CPK_PORT, 'CPK_PORT'), 'CPK_PORT');
  const port = project_url === undefined ? undefined : loopbackPort(project_url);
  if (port !== undefined) return own(port, 'project config');
  if (settings.port !== undefined) return own(settings.port, 'settings');
  return own(DEFAULT_PORT, 'default');
}

/** @throws CodepaktError `wrong_usage` */
export function parsePort(text: string, what: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw wrongUsage(`${what} is ${JSON.stringify(text)}, but must be a port from 1 to 65535`);
}

/** Whether only this machine can be behind this host name. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

function own(port: number, source: ServerAddress['source']): ServerAddress {
  return { url: `http://127.0.0.1:${port}`, source, is_own: true };
}

function named(text: string, source: '--url' | 'CPK_URL'): ServerAddress {
  const url = parseUrl(text);
  if (url === undefined) {
    throw wrongUsage(
      `${source} is ${JSON.stringify(text)}, but must be like http://127.0.0.1:41920`,
    );
  }
  return { url: url.href.replace(/\/$/, ''), source, is_own: false };
}

/** A cloned repository must not choose the server: its address counts only when it is on this machine. */
function loopbackPort(text: string): number | undefined {
  const url = parseUrl(text);
  if (url?.protocol !== 'http:' || !isLoopback(url.hostname) || url.username !== '')
    return undefined;
  return Number(url.port) || 80;
}

function parseUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}
