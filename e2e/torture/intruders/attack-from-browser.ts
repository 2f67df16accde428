import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openDatabaseFile } from '../../../packages/core/src/index.ts';
import { launchBrowser } from '../../launch-browser.ts';
import { readLog, startLoggedDaemon } from '../logged-daemon.ts';
import type { Site, SpawnedDaemon } from '../site.ts';

export interface BrowserFigures {
  origins: number;
  attacks: number;
  /** Requests that reached the daemon, each refused. */
  requests_refused: number;
}

/** A text on the board that no page may get to see. */
const SECRET = 'nobody elses business';
const TOKEN = 'correct-horse-battery-staple';

interface Ports {
  attacker: number;
  daemon: number;
}

/** Where a page of an attacker may come from. */
const ORIGINS: Readonly<Record<string, (ports: Ports) => string>> = {
  'a page elsewhere': ({ attacker }) => `http://evil.example:${attacker}/`,
  'another server on localhost': ({ attacker }) => `http://localhost:${attacker}/`,
  'another port of the same address': ({ attacker }) => `http://127.0.0.1:${attacker}/`,
  'a sandboxed frame': ({ attacker }) => `http://evil.example:${attacker}/sandboxed`,
  // Served by the attacker first; from then on its name leads to the daemon, on the same port.
  'a name that was rebound to the daemon': ({ daemon }) =>
    `http://rebound.example:${daemon}/attack`,
};

/** The strangest, the nearest, and the one that the browser takes for the daemon's own. */
const QUICK = new Set([
  'a page elsewhere',
  'another port of the same address',
  'a name that was rebound to the daemon',
]);

/**
 * Attacks a daemon from real pages of other origins: one without a token, and one with a token whose
 * user is logged in. Nothing may be read or changed.
 */
export async function attackFromBrowser(
  site: Site,
  { quick = false }: { quick?: boolean } = {},
): Promise<{ figures: BrowserFigures; faults: string[] }> {
  const figures: BrowserFigures = { origins: 0, attacks: 0, requests_refused: 0 };
  const faults: string[] = [];
  const origins = Object.entries(ORIGINS).filter(([name]) => !quick || QUICK.has(name));
  fillBoard(site);
  const attacker = await serveAttacker();
  const browser = await launchBrowser(
    '--host-resolver-rules=MAP evil.example 127.0.0.1, MAP rebound.example 127.0.0.1',
    // Other browsers do not ask for leave before a page may call this machine.
    '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests',
  );
  try {
    for (const token of quick ? [TOKEN] : [undefined, TOKEN]) {
      const daemon = await startLoggedDaemon(site, token === undefined ? {} : { CPK_TOKEN: token });
      const run = {
        site,
        daemon,
        browser,
        attacker: portOf(attacker),
        token,
        origins,
        figures,
        faults,
      };
      await attackAll(run);
      daemon.kill('SIGTERM');
      await daemon.ended;
    }
  } finally {
    await browser.close();
    attacker.close();
  }
  judgeLog(site, figures, faults);
  return { figures, faults };
}

interface Run {
  site: Site;
  daemon: SpawnedDaemon;
  browser: Browser;
  attacker: number;
  token: string | undefined;
  origins: [name: string, addressOf: (ports: Ports) => string][];
  figures: BrowserFigures;
  faults: string[];
}

function fillBoard({ board }: Site): void {
  using project = openDatabaseFile(board);
  project.tasks.create({ title: SECRET });
  project.docs.create({ type: 'learning', title: SECRET, body: SECRET });
}

async function attackAll(run: Run): Promise<void> {
  const { site, daemon, browser, attacker, token, origins, figures, faults } = run;
  const before = await boardOf(site, daemon, token);
  const context = await browser.newContext();
  if (token !== undefined) await logIn(context, daemon, token);
  for (const [origin, addressOf] of origins) {
    figures.origins++;
    const page = await openAttack(context, addressOf({ attacker, daemon: portOfUrl(daemon.url) }));
    for (const [attack, seen] of await attackWith(page, site, daemon)) {
      figures.attacks++;
      if (seen.includes(SECRET) || seen.includes('OPENED')) {
        faults.push(`${attack} from ${origin} got in and saw ${seen.slice(0, 200)}`);
      }
    }
    await page.close();
  }
  await context.close();
  if ((await boardOf(site, daemon, token)) !== before) faults.push('a page changed the board');
}

/** The page of the attacker, ready for its attacks. */
async function openAttack(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  // Name servers answer with the attacker's address first, and with this machine's later.
  await page.route('**/attack', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
  await page.goto(address);
  return page;
}

async function attackWith(
  page: Page,
  { id }: Site,
  { url }: SpawnedDaemon,
): Promise<[attack: string, seen: string][]> {
  const isRebound = page.url().includes('rebound');
  const target = { url: isRebound ? new URL(page.url()).origin : url, project: id };
  const frame = page.url().endsWith('/sandboxed') ? page.frames()[1] : page.mainFrame();
  if (frame === undefined) throw new Error('the sandboxed frame is missing');
  await frame.waitForFunction('window.attacks !== undefined');
  return frame.evaluate<[string, string][]>(
    `(async () => {
      const target = ${JSON.stringify(target)};
      return Promise.all(Object.entries(window.attacks).map(async ([name, attack]) => {
        const late = new Promise((resolve) => setTimeout(() => resolve('nothing in time'), 5_000));
        return [name, String(await Promise.race([attack(target), late]))];
      }));
    })()`,
  );
}

/** What the daemon's log says of the requests that it got; nothing but its own pages may be given away. */
function judgeLog(site: Site, figures: BrowserFigures, faults: string[]): void {
  for (const { msg, method, route, status = 0 } of readLog(site)) {
    if (msg !== 'request') continue;
    if (status >= 400) figures.requests_refused++;
    else if (!HARMLESS.has(`${method} ${route}`)) {
      faults.push(`${method} ${route} was answered with ${status}`);
    }
  }
}

/** Our own look at the board, the login of its user, and links to the dashboard, which may be followed from anywhere. */
const HARMLESS = new Set([
  'GET /api/projects/:project/export',
  'GET /login',
  'POST /login',
  'GET /login.js',
  'GET /codepakt.css',
  'GET /',
  'GET /*',
]);

async function logIn(
  context: BrowserContext,
  { url }: SpawnedDaemon,
  token: string,
): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  const status = await page.evaluate<number>(
    `fetch('/login', { method: 'POST', headers: { 'content-type': 'application/json' },
       body: ${JSON.stringify(JSON.stringify({ token }))} }).then(({ status }) => status)`,
  );
  if (status !== 204) throw new Error(`the login was answered with ${status}`);
  const [cookie] = await context.cookies(url);
  if (cookie?.httpOnly !== true || cookie.sameSite !== 'Strict') {
    throw new Error(`the cookie is not one for the dashboard alone: ${JSON.stringify(cookie)}`);
  }
  await page.close();
}

/** All that there is to change, as one text. */
async function boardOf(
  site: Site,
  daemon: SpawnedDaemon,
  token: string | undefined,
): Promise<string> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(site.api(daemon, '/export'), { headers });
  if (response.status !== 200) throw new Error(`the export was answered with ${response.status}`);
  return response.text();
}

const SCRIPT = readFileSync(new URL('./attack-page.mjs', import.meta.url), 'utf8');
const PAGE = `<!doctype html><body><script type="module">${SCRIPT}\nwindow.attacks = attacks;</script>`;
/** A frame without an origin of its own, which a browser calls null. */
const SANDBOXED = `<!doctype html><iframe sandbox="allow-scripts allow-forms allow-popups" srcdoc="${PAGE.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`;

function serveAttacker(): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/sandboxed' ? SANDBOXED : PAGE);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function portOfUrl(url: string): number {
  return Number(new URL(url).port);
}
