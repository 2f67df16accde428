import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { table } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { copyTree, givenTrees } from './scan-tree.ts';
import { Site } from './site.ts';

/** As much of a search or a list as tools show to agents. */
const LINES = 100;

interface Question {
  asks: string;
  cpk: string[];
  /** What one would read otherwise. */
  instead: () => string;
}

/** What an agent reads for an answer, beside what `git grep` prints and the files that it then opens. */
export async function main({ cpk }: BenchOptions): Promise<void> {
  await using site = await Site.open(cpk);
  for (const tree of givenTrees()) {
    const root = copyTree(site, tree);
    site.run(root, 'scan');
    const rows = questionsOf(site, root).map(({ asks, cpk: args, instead }) => {
      const answer = countTokens(site.run(root, ...args));
      const other = countTokens(instead());
      return [
        asks,
        `cpk ${args.slice(0, 2).join(' ')}`,
        `${answer}`,
        `${other}`,
        (other / answer).toFixed(1),
      ];
    });
    console.log(
      `\n${basename(tree)}: tokens to read (o200k_base); searches cut after ${LINES} lines`,
    );
    console.log(table(['question', 'command', 'cpk', 'grep and read', 'times'], rows));
  }
}

function questionsOf(site: Site, root: string): Question[] {
  const { file, name, entry } = subjectOf(site, root);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const grep = (...args: string[]) => firstLines(run(root, 'git', 'grep', '-n', ...args));
  const stem = basename(file).replace(/\.[^.]+$/, '');
  return [
    {
      asks: 'where is it declared',
      cpk: ['code', 'symbols', name],
      instead: () => grep('-w', name),
    },
    { asks: 'what is in this file', cpk: ['code', 'outline', file], instead: () => read(file) },
    {
      asks: 'the text of one symbol',
      cpk: ['code', 'source', name],
      instead: () => grep('-w', name) + read(file),
    },
    {
      asks: 'what does it import',
      cpk: ['code', 'imports', entry],
      instead: () => firstLines(read(entry)),
    },
    {
      asks: 'who imports it',
      cpk: ['code', 'dependents', file],
      instead: () => grep('-E', `(import|from|require).*\\b${stem}\\b`),
    },
    {
      asks: 'what has to do with it',
      cpk: ['code', 'search', 'read', 'file'],
      instead: () => grep('-i', '-E', 'read.*file'),
    },
    {
      asks: 'what is this project',
      cpk: ['code', 'summary'],
      instead: () => firstLines(run(root, 'git', 'ls-files')) + read(entry),
    },
  ];
}

/** A file that many import and that exports something, its first export, and where a program begins. */
function subjectOf(site: Site, root: string): { file: string; name: string; entry: string } {
  const ask = (...args: string[]) => JSON.parse(site.run(root, 'code', ...args));
  const { most_imported, entry_points } = ask('summary') as Record<string, Record<string, number>>;
  const [entry] = Object.keys(entry_points ?? {});
  for (const file of Object.keys(most_imported ?? {}).filter((path) => /\.[a-z]+$/.test(path))) {
    const [symbol] = ask('symbols', '--file', file, '--exported', '--limit', '1') as {
      name: string;
    }[];
    if (symbol !== undefined) return { file, name: symbol.name, entry: entry ?? file };
  }
  throw new Error(`no file of ${root} that others import exports anything`);
}

function run(cwd: string, program: string, ...args: string[]): string {
  return spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, LINES).join('\n');
}
