import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Watched {
  page: Page;
  context: BrowserContext;
  /** Whatever the page complained about: errors, warnings of the console, broken policies. */
  complaints: string[];
}

export interface PageOptions {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  bypassCSP?: boolean;
  /** What the page's clock says, milliseconds since 1970; the server keeps its own. */
  clock?: number;
}

/** A page in a browser profile of its own. */
export async function openPage(browser: Browser, options: PageOptions = {}): Promise<Watched> {
  const { theme = 'light', width = 1440, height = 900, bypassCSP = false, clock } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    bypassCSP,
    ...(width < 600 ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
  });
  context.setDefaultTimeout(12_000);
  if (clock !== undefined) await context.clock.install({ time: clock });
  const page = await context.newPage();
  return { page, context, complaints: collectComplaints(page) };
}

/** The browser's own word on answers that a test asks for: a refused change, a server that stops or is gone. */
const REFUSALS =
  /^Failed to load resource: (?:the server responded with a status of (?:4(?:0[149]|12|22)|503)|net::ERR_(?:CONNECTION|FAILED|INCOMPLETE|EMPTY))/;

function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (REFUSALS.test(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  return complaints;
}
