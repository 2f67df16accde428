import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { useSession } from './session.ts';

const session = useSession(async ({ client, project }) => {
  await client.tasks.create({ params: { project }, body: { title: 'The only one' } });
});

test('the first load is at most 250 kB of compressed JavaScript', async () => {
  const page = await session.open('projects');
  const scripts = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(new URL(request.url()).pathname);
  });
  await page.goto(session.bench.view('board'));
  await page.locator('[data-card]').waitFor();
  await page.waitForTimeout(500);
  const folder = join(inject('codepakt'), 'dist/dashboard');
  const bytes = [...scripts].reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length,
    0,
  );
  console.log(`first load: ${scripts.size} scripts, ${(bytes / 1_000).toFixed(0)} kB compressed`);
  expect(scripts.size).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(250_000);
});
