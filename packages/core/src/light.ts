// Who uses our types needs no setting of their own to know Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * What of core needs no query builder: to ask the code index, and what the registry knows of projects
 * and where their databases are. A program that has to start quickly takes these from here.
 */
export type { CodeIndex } from './code/code-index.ts';
export { type OpenCodeIndex, openIndex } from './code/open-index.ts';
export { databaseFileIn } from './project-folder.ts';
export { findProject, listProjects } from './registry/projects.ts';
export { listRemovedProjects, removeProject, restoreProject } from './registry/trash.ts';
