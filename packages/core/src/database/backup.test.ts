import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const CHILD = `
  const { Database } = await import(${JSON.stringify(new URL('./database.ts', import.meta.url).href)});
  const { backUp } = await import(${JSON.stringify(new URL('./backup.ts', import.meta.url).href)});
  const options = { busy_timeout_ms: 0, auto_checkpoint: true, must_exist: false };
  const db = new Database(process.argv[1], options);
  db.exec('CREATE TABLE rows AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) SELECT i, randomblob(500) AS bytes FROM n');
  console.log('begins');
  backUp(db, 'test');
`;

test('a backup that was killed in its middle does not bear the name of one', async () => {
  using place = temporaryFolder();
  const folder = join(place.folder, 'board');
  mkdirSync(folder);
  const child = spawn(
    process.execPath,
    ['-C', '@codepakt/source', '--input-type=module', '-e', CHILD, join(folder, 'data.db')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  while (readdirSync(folder).length === 1) await soon();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const left = readdirSync(folder).filter((name) => !name.endsWith('-journal'));
  expect(left).toEqual(['data.db', expect.stringMatching(/^data\.db\.new-/)]);
});
