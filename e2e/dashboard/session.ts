import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, vi } from 'vitest';
import { launchBrowser } from '../launch-browser.ts';
import { openPage, type PageOptions, type Watched } from './browser.ts';
import { Workbench } from './workbench.ts';

export interface Session {
  bench: Workbench;
  browser: Browser;
  /**
   * Opens a view of the project. A test's first page of a kind is the one that earlier tests of the
   * file had, loaded anew; each further one has a browser profile of its own, as another person has.
   */
  open(path: string, options?: PageOptions): Promise<Page>;
}

interface Kept extends Watched {
  kind: string;
  isInUse: boolean;
}

/**
 * A real daemon with an empty board and a real browser for the tests of one file. After every
 * test, no page may have had an error, a warning or a broken policy.
 */
export function useSession(
  fill: (bench: Workbench) => Promise<void> = async () => undefined,
  options: { token?: string } = {},
): Session {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
  const kept: Kept[] = [];
  const session = {
    async open(path: string, pageOptions: PageOptions = {}) {
      const kind = JSON.stringify(pageOptions);
      let one = kept.find((other) => other.kind === kind && !other.isInUse);
      if (one === undefined) {
        one = { ...(await openPage(session.browser, pageOptions)), kind, isInUse: true };
        kept.push(one);
      }
      one.isInUse = true;
      await one.page.goto(session.bench.view(path));
      return one.page;
    },
  } as Session;

  beforeAll(async () => {
    [session.bench, session.browser] = await Promise.all([
      Workbench.open(inject('codepakt'), options),
      launchBrowser(),
    ]);
    await fill(session.bench);
  });
  afterEach(async () => {
    const complaints = kept.flatMap((one) => one.complaints.splice(0));
    for (const one of kept.filter(({ isInUse }) => isInUse)) {
      one.isInUse = false;
      await one.page.unrouteAll();
      await one.page.evaluate(() => localStorage.clear());
      // Leaves the page, so that nothing of it goes on during the next test. Without its cookies it would
      // leave by itself, to log in.
      await one.page.goto('about:blank');
      await one.context.clearCookies();
    }
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
