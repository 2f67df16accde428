export { createServer } from './app.ts';
export type { DaemonInfo } from './daemon-file.ts';
export type { LogOptions, ServerOptions, StartOptions, Timeouts } from './options.ts';
export { checkStart, type RunningServer, runServer, startServer } from './start.ts';
