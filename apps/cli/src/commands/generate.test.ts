import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { INSTRUCTIONS } from '../coordination/instructions.ts';
import { bodyOfBlock, withBlock } from '../coordination/marked-block.ts';
import { VERSION } from '../testing/program.ts';
import { openRepository } from '../testing/repository.ts';
import { OLDER } from '../testing/versions.ts';
import { Workbench } from '../testing/workbench.ts';

const RULE = '.claude/rules/codepakt.md';
const ALL = ['.codepakt/AGENTS.md', 'AGENTS.md', RULE, 'GEMINI.md'];
/** For all that an agent has to read of it. */
const MOST_TOKENS = 600;

test('init writes what each agent reads, under its version; the second time nothing is written', async () => {
  await using bench = await Workbench.open();
  const { messages } = await bench.ok<{ messages: string[] }>(['init']);
  expect(messages.at(-1)).toBe(`Agents are told of it in ${ALL.join(', ')}.`);
  const texts = ALL.map((path) => bench.read(`project/${path}`));
  expect(texts.map((text) => bodyOfBlock(text)?.trim())).toEqual([
    INSTRUCTIONS,
    INSTRUCTIONS,
    '@../../AGENTS.md',
    '@./AGENTS.md',
  ]);
  for (const text of texts) expect(text).toContain(`<!-- codepakt ${VERSION} `);
  expect(await bench.ok(['init'])).toMatchObject({
    messages: [expect.stringContaining('has a board already')],
  });
  expect(await bench.ok(['generate'])).toEqual({ written: [] });
  expect(await bench.ok(['generate', '--human'])).toBe('Nothing to write.\n');
  expect(ALL.map((path) => bench.read(`project/${path}`))).toEqual(texts);
});

test("somebody's own files keep every word, before the block and after it", async () => {
  await using bench = await Workbench.open();
  const [agents, claude, gemini] = ['# Ours\r\n\r\nä', '# Claude\n\nNo @mentions.\n', '# Gemini\n'];
  bench.write('AGENTS.md', agents);
  bench.write('CLAUDE.md', claude);
  bench.write('GEMINI.md', gemini);
  await bench.ok(['init']);
  expect(bench.read('project/AGENTS.md').startsWith(`${agents}\r\n\r\n<!-- codepakt`)).toBe(true);
  expect(bench.read('project/CLAUDE.md')).toBe(claude);
  expect(bodyOfBlock(bench.read(`project/${RULE}`))?.trim()).toBe('@../../.codepakt/AGENTS.md');
  expect(bench.read('project/GEMINI.md').startsWith(`${gemini}\n<!-- codepakt`)).toBe(true);

  const older = withBlock('# Ours\n', { body: 'Ask for work.', version: OLDER });
  bench.write('AGENTS.md', `${older}\nMore of ours\n`);
  expect(await bench.ok(['generate'])).toEqual({ written: ['AGENTS.md'] });
  const block = withBlock('', { body: INSTRUCTIONS, version: VERSION });
  expect(bench.read('project/AGENTS.md')).toBe(`# Ours\n\n${block}\nMore of ours\n`);
});

test.each([
  ['where nothing was', ''],
  ["beside somebody's own words", '# Ours\n'],
])('whatever an agent reads, %s, it gets the instructions in 600 tokens', async (_, words) => {
  await using bench = await Workbench.open();
  const theirs = ['AGENTS.md', 'CLAUDE.md', 'GEMINI.md'];
  if (words !== '') for (const path of theirs) bench.write(path, words);
  await bench.ok(['init']);
  const read = (path: string) =>
    existsSync(join(bench.project, path)) ? bench.read(`project/${path}`).replace(words, '') : '';
  const followed = (path: string) => withImports(read, path);
  const readings = {
    'Codex, Cursor': read('AGENTS.md'),
    'Claude Code': followed('CLAUDE.md') + followed(RULE),
    'Gemini CLI': followed('GEMINI.md'),
    // It reads all three, and follows what CLAUDE.md imports.
    Copilot: read('AGENTS.md') + followed('CLAUDE.md') + read('GEMINI.md'),
  };
  for (const [who, text] of Object.entries(readings)) {
    expect(text.split('`cpk task pickup`'), who).toHaveLength(2);
    expect(countTokens(text), who).toBeLessThanOrEqual(MOST_TOKENS);
  }
});

test('after an upgrade an old block is named by board status and doctor, by nothing else, and renewed', async () => {
  await using bench = await Workbench.open();
  await bench.ok(['init'], { version: OLDER });
  // It said then what is said today.
  expect(await bench.ok(['board', 'status'])).not.toHaveProperty('stale_files');

  bench.write('AGENTS.md', withBlock('# Ours\n', { body: 'Ask for work.', version: OLDER }));
  expect(await bench.ok(['board', 'status'])).toMatchObject({ stale_files: ['AGENTS.md'] });
  const shown = await bench.cpk(['board', 'status', '--human']);
  expect(shown.stdout).toContain('wrote in AGENTS.md: cpk generate');
  expect((await bench.cpk(['doctor'])).json).toContainEqual({
    check: 'agent files',
    level: 'warning',
    message: 'agents read what an older codepakt wrote in AGENTS.md',
    mend: 'cpk generate',
  });
  for (const args of [['task', 'list'], ['board', 'status'], ['scan'], ['generate']]) {
    expect(await bench.cpk([...args, '--human'])).toMatchObject({ code: 0, stderr: '' });
  }
  expect(await bench.ok(['board', 'status'])).not.toHaveProperty('stale_files');
  const { json } = await bench.cpk(['doctor']);
  expect(json).toContainEqual(expect.objectContaining({ check: 'agent files', level: 'ok' }));
});

test('the command of 0.2 does it too', async () => {
  await using bench = await Workbench.open();
  await bench.ok(['init', '--no-generate']);
  expect(await bench.ok(['agents-md', 'generate'])).toEqual({ written: ALL });
});

test('they can be committed, and a worktree has its own', async () => {
  await using bench = await Workbench.open();
  const repository = openRepository(bench.project);
  repository.git('init', '--quiet');
  await bench.ok(['init', '--no-generate']);
  expect(readdirSync(bench.project).sort()).toEqual(['.codepakt', '.git']);
  await bench.ok(['generate']);
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message=first');
  const committed = repository.git('ls-files').trim().split('\n');
  expect(committed.sort()).toEqual(['.codepakt/.gitignore', ...ALL].sort());

  const tree = join(bench.folder, 'tree');
  repository.git('worktree', 'add', '--quiet', tree);
  writeFileSync(join(tree, 'AGENTS.md'), '# On a branch\n');
  expect(await bench.ok(['generate'], { cwd: tree })).toEqual({ written: ['AGENTS.md'] });
  expect(await bench.ok(['generate'])).toEqual({ written: [] });
});

test('what is left alone makes it fail, not init', async () => {
  await using bench = await Workbench.open();
  mkdirSync(join(bench.project, 'AGENTS.md'));
  const { messages } = await bench.ok<{ messages: string[] }>(['init']);
  expect(messages.at(-1)).toBe('AGENTS.md was left alone: it is no file.');
  const ran = await bench.cpk(['generate', '--human']);
  expect(ran).toMatchObject({
    code: 1,
    stdout: 'Nothing to write.\nLeft alone: AGENTS.md: it is no file\n',
  });
  const elsewhere = await bench.cpk(['generate'], { cwd: bench.folder });
  expect(elsewhere).toMatchObject({ code: 3, error: { error: 'project_not_found' } });
});

/** A file with those that its `@path` lines name, each from where it stands, behind it. */
function withImports(read: (path: string) => string, path: string): string {
  const text = read(path);
  const imported = [...text.matchAll(/^@(.+)$/gm)].map(([, to = '']) => join(dirname(path), to));
  return [text, ...imported.map((file) => withImports(read, file))].join('');
}
