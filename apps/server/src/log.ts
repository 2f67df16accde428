import { join } from 'node:path';
import type { FastifyServerOptions } from 'fastify';
import { LogFile } from './log-file.ts';
import type { LogOptions } from './options.ts';

export interface Log {
  settings: FastifyServerOptions['logger'];
  [Symbol.dispose](): void;
}

/** Where the log of a data directory lies. */
function logFileOf(data_dir: string): string {
  return join(data_dir, 'server.log');
}

/** The log as pino writes it: JSON, a line an entry. */
export function openLog(
  data_dir: string,
  { to, level = 'info' }: LogOptions = { to: 'nowhere' },
): Log {
  if (to === 'nowhere') return { settings: false, [Symbol.dispose]: () => undefined };
  const file = to === 'file' ? new LogFile(logFileOf(data_dir)) : undefined;
  return {
    settings: {
      level,
      stream: file ?? process.stderr,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    [Symbol.dispose]: () => file?.[Symbol.dispose](),
  };
}
