import type { Generated } from '../coordination/generate.ts';

/** What was written for agents, and what could not be. */
export function showGenerated({ written, left_alone }: Generated): string {
  const what = written.length === 0 ? 'Nothing to write.' : `Written: ${written.join(', ')}`;
  return [what, ...left_alone.map(({ path, why }) => `Left alone: ${path}: ${why}`)].join('\n');
}
