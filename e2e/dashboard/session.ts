import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, vi } from 'vitest';
import { launchBrowser, openPage, type PageOptions, type Watched } from './browser.ts';
import { Workbench } from './workbench.ts';

export interface Session {
  bench: Workbench;
  browser: Browser;
  /** Opens a view of the project in a browser profile of its own; it is closed after the test. */
  open(path: string, options?: PageOptions): Promise<Page>;
}

/**
 * A real daemon with an empty board and a real browser for the tests of one file. After every
 * test, no page may have had an error, a warning or a broken policy.
 */
export function useSession(
  fill: (bench: Workbench) => Promise<void> = async () => undefined,
): Session {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
  const pages: Watched[] = [];
  const session = {
    async open(path: string, options: PageOptions = {}) {
      const watched = await openPage(session.browser, options);
      pages.push(watched);
      await watched.page.goto(session.bench.view(path));
      return watched.page;
    },
  } as Session;

  beforeAll(async () => {
    session.bench = await Workbench.open(inject('codepakt'));
    session.browser = await launchBrowser();
    await fill(session.bench);
  });
  afterEach(async () => {
    const complaints = pages.flatMap((watched) => watched.complaints);
    for (const { context } of pages.splice(0)) await context.close();
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await session.browser?.close();
    await session.bench?.[Symbol.asyncDispose]();
  });
  return session;
}

/** The ids of the cards in a column, from the top. */
export function cardsIn(page: Page, status: string): Promise<string[]> {
  return page
    .locator(`.column[data-status="${status}"] [data-card]`)
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.card ?? ''));
}

/** Waits until a card is in a column. */
export function cardIn(page: Page, status: string, id: string) {
  return page.locator(`.column[data-status="${status}"] [data-card="${id}"]`).waitFor();
}

export function card(page: Page, id: string) {
  return page.locator(`[data-card="${id}"]`).first();
}
