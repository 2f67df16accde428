export { type Clock, systemClock } from './clock.ts';
export type { By } from './context.ts';
export { type OpenOptions, openDatabaseFile, openProject } from './open-project.ts';
export { Project } from './project.ts';
