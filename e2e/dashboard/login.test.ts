import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { cardIn, useSession } from './session.ts';

const token = 'correct-horse-battery-staple';
const session = useSession(
  async (bench) => {
    await bench.run('task', 'add', '--title', 'Behind the door');
  },
  { token },
);

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('whoever has no token is asked for it and then comes to the page that was wanted', async () => {
  const page = await session.open('board?task=T-001');
  await page.getByLabel('Token').fill('a-wrong-token-of-some-length');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('this is not the token').waitFor();
  expect(await page.locator('[data-card]').count()).toBe(0);
  await logIn(page);
  await page.getByRole('complementary', { name: 'Task T-001' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(page.url()).toBe(session.bench.view('board?task=T-001'));
});

test('when the session is over the page asks again and leads back', async () => {
  // The browser complains of the files that it does not get, and is right to.
  const { page, context } = await openPage(session.browser);
  await page.goto(session.bench.view('board'));
  await logIn(page);
  await cardIn(page, 'open', 'T-001');
  await page.getByText('Live', { exact: true }).waitFor();
  await context.clearCookies();
  await page.getByRole('link', { name: 'Agents' }).click();
  await logIn(page);
  await page.getByText('No agent has been here yet').waitFor();
  expect(page.url()).toBe(session.bench.view('agents'));
  // Nothing is under way any more that would be refused before the click.
  await page.getByText('Live', { exact: true }).waitFor();
  await context.clearCookies();
  await page.getByRole('link', { name: 'Review' }).click();
  await logIn(page);
  await page.getByRole('heading', { name: 'Review', level: 1 }).waitFor();
  await context.close();
});

test('a link to the login page leads to no other site', async () => {
  const page = await session.open('board');
  await logIn(page);
  await cardIn(page, 'open', 'T-001');
  for (const elsewhere of ['https://example.org/', '//example.org/', 'javascript:alert(1)']) {
    await page.goto(`${session.bench.url}/login?next=${encodeURIComponent(elsewhere)}`);
    await cardIn(page, 'open', 'T-001');
    expect(page.url()).toBe(session.bench.view('board'));
  }
});
