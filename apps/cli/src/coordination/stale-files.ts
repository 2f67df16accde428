import { lookAtCoordinationFiles } from './coordination-files.ts';

/** The files, from the project's folder, in which an older codepakt tells agents of the board. */
export function staleFiles(root: string, version: string): string[] {
  const files = lookAtCoordinationFiles(root, version);
  return files.filter(({ state }) => state === 'stale').map(({ path }) => path);
}
