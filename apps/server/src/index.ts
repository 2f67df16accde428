export { createServer } from './app.ts';
export { type DaemonInfo, readDaemonInfo } from './daemon-file.ts';
export { logFileOf } from './log.ts';
export type { LogOptions, ServerOptions, StartOptions, Timeouts } from './options.ts';
export { type RunningServer, runServer, startServer } from './start.ts';
