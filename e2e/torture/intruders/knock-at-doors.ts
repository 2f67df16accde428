import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { ENDPOINTS } from '../fuzz/requests.ts';
import type { Schema } from '../fuzz/values.ts';
import { readLog, startLoggedDaemon } from '../logged-daemon.ts';
import type { Site, SpawnedDaemon } from '../site.ts';

export interface DoorFigures {
  open_bindings_refused: number;
  guesses: number;
  guesses_looked_at: number;
  paths_walked: number;
}

const TOKEN = 'correct-horse-battery-staple';
/** So many wrong tokens are looked at before the first wait of a second; each further one doubles it. */
const FREE_GUESSES = 5;

/** Tries to get in without a browser: by an open binding, by guessing the token, by odd paths. */
export async function knockAtDoors(
  site: Site,
  { quick = false }: { quick?: boolean } = {},
): Promise<{ figures: DoorFigures; faults: string[] }> {
  const faults: string[] = [];
  const open_bindings_refused = await bindOpenly(site, quick, faults);
  const { guesses, guesses_looked_at } = await guessToken(site, faults);
  const paths_walked = await walkPaths(site, quick, faults);
  return { figures: { open_bindings_refused, guesses, guesses_looked_at, paths_walked }, faults };
}

/** Addresses under which others on the network could reach a daemon. */
async function bindOpenly(site: Site, quick: boolean, faults: string[]): Promise<number> {
  const ours = Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined || one.internal ? [] : [one.address]));
  const hosts = ['0.0.0.0', '::', '0', '0x0', '::ffff:0.0.0.0', '127.0.0.1.example', ...ours].slice(
    0,
    quick ? 2 : undefined,
  );
  for (const host of hosts) {
    const { code, stderr } = await site.cpk(
      ['server', 'run', '--host', host, '--port', '0'],
      20_000,
    );
    if (code !== 2)
      faults.push(`a daemon on ${host} without a token ended with ${code}: ${stderr}`);
    else if (!stderr.includes('token'))
      faults.push(`why there is none on ${host} is not said: ${stderr}`);
  }
  return hosts.length;
}

async function guessToken(
  site: Site,
  faults: string[],
): Promise<Pick<DoorFigures, 'guesses' | 'guesses_looked_at'>> {
  const daemon = await startLoggedDaemon(site, { CPK_TOKEN: TOKEN });
  const guesses = Array.from({ length: 40 }, (_, n) => `${TOKEN.slice(0, -2)}${n}`);
  const headersOf = (guess: string, n: number): Record<string, string> =>
    n % 2 === 0 ? { authorization: `Bearer ${guess}` } : { cookie: `codepakt_session=${guess}` };
  const began = performance.now();
  let looked_at = 0;
  for (const [n, guess] of guesses.entries()) {
    const { status, text } = await ask(daemon, '/api/projects', headersOf(guess, n));
    if (status === 401) looked_at++;
    else if (status !== 429) faults.push(`a wrong token was answered with ${status} ${text}`);
  }
  const login = await ask(daemon, '/login', {}, { token: 'guessed-guessed-guessed' });
  if (login.status === 401) looked_at++;
  else if (login.status !== 429) faults.push(`a wrong login was answered with ${login.status}`);
  const waits = Math.ceil(Math.log2((performance.now() - began) / 1_000 + 1));
  if (looked_at > FREE_GUESSES + waits) faults.push(`${looked_at} guesses were looked at`);
  daemon.kill('SIGTERM');
  await daemon.ended;
  const log = readLog(site);
  const warnings = log.filter(({ level, msg }) => level === 'warn' && msg === 'wrong token');
  if (warnings.length < looked_at) faults.push(`${warnings.length} wrong tokens are in the log`);
  if (JSON.stringify(log).includes(TOKEN.slice(0, -2))) faults.push('a guess is in the log');
  return { guesses: guesses.length + 1, guesses_looked_at: looked_at };
}

/** A text in a file outside of the project, which no answer may hold. */
const OUTSIDE = 'outside_of_the_project';

/** Each way out of the project, at each place where a path can be said. */
async function walkPaths(site: Site, quick: boolean, faults: string[]): Promise<number> {
  const outside = join(site.folder, 'outside');
  mkdirSync(outside);
  mkdirSync(join(site.root, 'src'), { recursive: true });
  writeFileSync(join(outside, 'secret.ts'), `export const ${OUTSIDE} = 1;\n`);
  writeFileSync(join(site.root, 'src/a.ts'), 'export const a = 1;\n');
  symlinkSync(join(outside, 'secret.ts'), join(site.root, 'src/link.ts'));
  symlinkSync(outside, join(site.root, 'src/linked'));
  const daemon = await startLoggedDaemon(site);
  await site.answer(['scan']);
  const paths = walks(site, waysOut(outside)).filter((_, n) => !quick || n % 7 === 0);
  for (const path of paths) {
    const { status, text } = await ask(daemon, path);
    if (text.includes(OUTSIDE) || text.includes('root:x:0')) {
      faults.push(`${path} gave a file away: ${text.slice(0, 200)}`);
    }
    if (status >= 500 || status === 0) faults.push(`${path} was answered with ${status}`);
  }
  daemon.kill('SIGTERM');
  await daemon.ended;
  return paths.length;
}

function waysOut(outside: string): string[] {
  const plain = [
    '../outside/secret.ts',
    'src/../../outside/secret.ts',
    'src/link.ts',
    'src/linked/secret.ts',
    'src/linked',
    join(outside, 'secret.ts'),
    '/etc/passwd',
    '../../../../../../../etc/passwd',
    'file:///etc/passwd',
    '..\\outside\\secret.ts',
    '....//outside/secret.ts',
    '..;/outside/secret.ts',
    './../outside/./secret.ts',
    'src/a.ts\0/../../../outside/secret.ts',
    '~/.ssh/id_rsa',
    '\\\\localhost\\c$',
  ];
  return plain.flatMap((way) => [
    encodeURI(way).replaceAll('#', '%23').replaceAll('?', '%3f'),
    encodeURIComponent(way),
    encodeURIComponent(encodeURIComponent(way)),
    way
      .replaceAll('.', '%2e')
      .replaceAll('/', '%2f')
      .replaceAll('\0', '%00')
      .replaceAll('\\', '%5c'),
    way.replaceAll('/', '%c0%af').replaceAll('\0', '%c0%80').replaceAll('\\', '%c1%9c'),
  ]);
}

/** Each way out as each parameter of a path, as each field of a query, and as a file of the dashboard. */
function walks({ id }: Site, ways: readonly string[]): string[] {
  const reads = ENDPOINTS.filter(({ method, stream }) => method === 'GET' && stream === undefined);
  return ways.flatMap((way) => [
    `/${way}`,
    `/assets/${way}`,
    ...reads.flatMap(({ path, query }) => {
      const withId = path.replace('{project}', id);
      const fields = Object.keys((query as Schema | undefined)?.properties ?? {});
      return [
        ...(path.includes('{project}')
          ? [path.replace('{project}', way).replace('{id}', 'T-001')]
          : []),
        ...(path.includes('{id}') ? [withId.replace('{id}', way)] : []),
        ...fields.map(
          (field) =>
            `${withId.replace('{id}', 'T-001')}?${rest(query as Schema, field)}${field}=${way}`,
        ),
      ];
    }),
  ]);
}

/** The other fields that a query must have. */
function rest({ required = [] }: Schema, field: string): string {
  return required
    .filter((name) => name !== field)
    .map((name) => `${name}=src/a.ts&`)
    .join('');
}

/** Asks with the path as it stands: `fetch` would tidy it up. */
function ask(
  { url }: SpawnedDaemon,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  const options = {
    hostname,
    port,
    path,
    headers: { ...headers, 'content-type': 'application/json' },
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...options, method: body === undefined ? 'GET' : 'POST' },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.once('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
