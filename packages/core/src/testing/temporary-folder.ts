import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  /** A folder for a project. */
  folder: string;
  data_dir: string;
  /** The folder of another project, or a file, beside them. */
  beside(name: string): string;
  [Symbol.dispose](): void;
}

/** An empty folder with a data directory beside it; both go when it is disposed. */
export function temporaryFolder(): TemporaryFolder {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'codepakt-test-')));
  const folder = join(base, 'project');
  mkdirSync(folder);
  return {
    folder,
    data_dir: join(base, 'data'),
    beside: (name) => join(base, name),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  };
}
