import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../apps/cli/src/commands/index.ts';
import { COMMON_OPTIONS } from '../apps/cli/src/common-options.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = globSync(['*.md', 'docs/*.md', 'packages/*/README.md', 'grammars/README.md'], {
  cwd: root,
});
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** What the words behind `pnpm` may be, besides the scripts of package.json: its own commands. */
const PNPM_OWN = [
  'add',
  'dlx',
  'exec',
  'install',
  'audit',
  'outdated',
  'update',
  'changeset',
  'biome',
];

test.each(pages)('every place that %s links to exists', (page) => {
  expect(brokenLinks(page, read(page))).toEqual([]);
});

test.each(pages)('every command that %s names exists', async (page) => {
  expect(await unknownCommands(read(page))).toEqual([]);
});

test('what does not exist is found', async () => {
  const text = `[a](nowhere.md) [b](docs/cli.md#no-such-part) <img src="docs/no.png">
\`cpk task pikcup\` \`cpk scan --ful\`

\`\`\`sh
npx codepakt tasks list   # no such group
pnpm tset
\`\`\`
`;
  expect(brokenLinks('README.md', text)).toEqual([
    'nowhere.md',
    'docs/cli.md#no-such-part',
    'docs/no.png',
  ]);
  expect(await unknownCommands(text)).toEqual([
    'cpk tasks list',
    'pnpm tset',
    'cpk task pikcup',
    'cpk scan --ful',
  ]);
});

function brokenLinks(page: string, text: string): string[] {
  const markdown = [...text.matchAll(/\]\(([^)\s]+)\)/g)];
  const html = [...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)];
  return [...markdown, ...html]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link) && !exists(page, link));
}

function exists(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Commands with their flags that are in code, in blocks or between words, and are none. */
async function unknownCommands(text: string): Promise<string[]> {
  const blocks = [...text.matchAll(/^ *```\w*\n(.*?)^ *```$/gms)].flatMap(([, block = '']) =>
    block.split('\n').map((line) => line.trim().replace(/^(?:\w*\$ |CPK_\w+=\S+ )+/, '')),
  );
  const between = [...text.replace(/^ *```.*?^ *```$/gms, '').matchAll(/`([^`]+)`/g)];
  const lines = [...blocks, ...between.map(([, code = '']) => code.replaceAll('\n', ' '))];
  const faults = lines.flatMap((line) => line.split(/ && | \| /)).map(faultIn);
  return (await Promise.all(faults)).filter((fault) => fault !== undefined);
}

async function faultIn(line: string): Promise<string | undefined> {
  const [, tool, rest = ''] =
    /^(?:npx (?:-y )?|pnpm dlx )?(?:scripts\/)?(cpk|codepakt|pnpm)(?: (.*))?$/.exec(line) ?? [];
  const words = rest.replace(/\s#\s.*/, '').split(/\s+/);
  const [first = ''] = words;
  // `…` and capitals stand for something else; `a|b` names two.
  if (tool === undefined || !/^[a-z][\w:-]*$/.test(first)) return undefined;
  if (tool === 'pnpm') {
    return first in scripts || PNPM_OWN.includes(first) ? undefined : `pnpm ${first}`;
  }
  for (const second of (words[1] ?? '').split('|')) {
    const fault = await faultOf([first, second], words.slice(1));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

async function faultOf([first, second]: [string, string], words: string[]) {
  const name = `${first} ${second}` in commands ? `${first} ${second}` : first;
  const isGroup = Object.keys(commands).some((command) => command.startsWith(`${first} `));
  const load = commands[name];
  if (load === undefined) {
    return isGroup && !/^[a-z]/.test(second) ? undefined : `cpk ${first} ${second}`.trim();
  }
  const { command } = await load();
  const known = { ...COMMON_OPTIONS, ...command.options };
  const flags = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split(/[=|]/)[0]);
  const names = new Set(
    Object.keys(known).flatMap((option) => [
      `--${option.replaceAll('_', '-')}`,
      `--no-${option.replaceAll('_', '-')}`,
    ]),
  );
  const unknown = flags.find((flag) => !names.has(flag ?? ''));
  return unknown === undefined ? undefined : `cpk ${name} ${unknown}`;
}
