import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homePage } from './pages.ts';
import { type TestServer, testServer, VERSION } from './testing/test-server.ts';

async function get({ app }: TestServer, url: string, headers: Record<string, string> = {}) {
  const response = await app.inject({ url, headers: { host: 'localhost', ...headers } });
  return { status: response.statusCode, headers: response.headers, body: response.body };
}

describe('without a dashboard', () => {
  test('the first page says what this is and how to go on, without any script', async () => {
    await using server = await testServer();
    const { status, headers, body } = await get(server, '/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain(VERSION);
    expect(body).toContain('cpk init');
    expect(body).not.toMatch(/<script|<style|style=|onclick|javascript:/i);
    for (const [, path] of body.matchAll(/(?:href|src)="([^"]+)"/g)) {
      expect([path, (await get(server, path ?? '')).status]).toEqual([path, 200]);
    }
  });

  test('a version can not break out of the page', () => {
    expect(homePage('<script>')).not.toContain('<script>');
  });
});

describe('with a dashboard', () => {
  async function withDashboard() {
    const dashboard_dir = mkdtempSync(join(tmpdir(), 'codepakt-dashboard-'));
    mkdirSync(join(dashboard_dir, 'assets'));
    writeFileSync(join(dashboard_dir, 'index.html'), '<title>board</title>');
    writeFileSync(join(dashboard_dir, 'assets', 'index-B1x9_k2Q.js'), 'export {}');
    writeFileSync(join(dashboard_dir, 'icon one.svg'), '<svg/>');
    const server = await testServer({ dashboard_dir });
    return {
      server,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        rmSync(dashboard_dir, { recursive: true, force: true });
      },
    };
  }
  const html = { accept: 'text/html,*/*' };

  test('its files are served, those with a hash in their name for good', async () => {
    await using all = await withDashboard();
    const { server } = all;
    const index = await get(server, '/');
    expect(index).toMatchObject({ status: 200, body: '<title>board</title>' });
    expect(index.headers['cache-control']).toBe('no-cache');
    const script = await get(server, '/assets/index-B1x9_k2Q.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await get(server, '/icon%20one.svg')).status).toBe(200);
  });

  test('its pages lead to it, whatever their path; nothing else does', async () => {
    await using all = await withDashboard();
    const { server } = all;
    expect(await get(server, '/projects/x/tasks', html)).toMatchObject({ status: 200 });
    for (const [url, headers] of [
      ['/assets/gone.js', {}],
      ['/api/nothing', html],
      ['/api', html],
      ['/api/projects/..%2f..%2fx', html],
    ] as const) {
      expect([url, (await get(server, url, headers)).status]).toEqual([url, 404]);
    }
  });

  test.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/x',
    '//etc/passwd',
  ])('no path leads out of its folder: %s', async (url) => {
    await using all = await withDashboard();
    expect((await get(all.server, url)).status).toBe(404);
  });
});
