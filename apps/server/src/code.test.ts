import { endpoints } from '@codepakt/contract';
import { expect, test } from 'vitest';
import { testServer } from './testing/test-server.ts';

test('before a scan the index is empty, and a file of it is not found', async () => {
  await using server = await testServer();
  const { body } = await server.call(endpoints.code.summary);
  expect(body).toMatchObject({ files: 0, symbols: 0, scanned_at: null });
  expect((await server.call(endpoints.code.search, { query: { q: 'open' } })).body.items).toEqual(
    [],
  );
  expect((await server.call(endpoints.code.modules)).body).toEqual({ folders: [], edges: [] });
  expect((await server.call(endpoints.code.folder)).body.files).toEqual([]);
  const refused = await server.refused(endpoints.code.outline, { query: { file: 'src/a.ts' } });
  expect(refused).toMatchObject({ status: 404, body: { code: 'file_not_found' } });
});

test('the index is only read: a source is asked for by name and never by a path out of the project', async () => {
  await using server = await testServer();
  const { status } = await server.refused(endpoints.code.source, {
    query: { of: '../../../etc/passwd:1' },
  });
  expect(status).toBe(404);
});
