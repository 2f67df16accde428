import { appendFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { against, median, table } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Command, timeProcesses } from './processes.ts';
import { copyTree, git, givenTrees } from './scan-tree.ts';
import { Site } from './site.ts';

const BARE = 'node -e 0';

interface Question extends Command {
  bar: number;
}

/** Rescans and questions as whole processes, beside Node that does nothing. */
export async function main({ cpk, quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 5 : 21;
  await using site = await Site.open(cpk);
  for (const tree of givenTrees()) {
    const root = copyTree(site, tree);
    site.run(root, 'scan');
    const questions = questionsOf(site, root);
    const bare: Command = { name: BARE, args: () => ['-e', '0'] };
    const times = timeProcesses([bare, ...questions], rounds, site.env);
    const floor = median(times.get(BARE) ?? []);
    const rows = questions.map(({ name, bar }) => {
      const ms = times.get(name) ?? [];
      const ratio = median(ms) / floor;
      return [name, ratio.toFixed(2), median(ms).toFixed(0), against(ratio, bar, 'at most')];
    });
    console.log(`\n${basename(tree)}: whole processes; medians of ${rounds} rounds, interleaved`);
    console.log(table(['command', `× ${BARE} (${floor.toFixed(0)} ms)`, 'ms', 'bar'], rows));
  }
}

function questionsOf(site: Site, root: string): Question[] {
  const { file, name, entry } = subjectOf(site, root);
  const call = (bar: number, ...args: string[]): Question => ({
    name: args.slice(0, args[0] === 'code' ? 2 : 1).join(' '),
    bar,
    args: () => [site.cpk, ...args],
    cwd: root,
  });
  return [
    call(2.6, 'code', 'symbols', name),
    { ...call(2.6, 'code', 'symbols', name.slice(0, 3)), name: 'code symbols, a beginning' },
    call(2.6, 'code', 'outline', file),
    call(2.6, 'code', 'source', name),
    call(2.6, 'code', 'imports', entry),
    call(2.6, 'code', 'dependents', file),
    {
      ...call(2.6, 'code', 'dependents', file, '--transitive'),
      name: 'code dependents --transitive',
    },
    call(2.6, 'code', 'search', 'read', 'file'),
    call(5, 'code', 'summary'),
    call(5, 'code', 'cycles'),
    call(5, 'code', 'orphans'),
    call(5, 'code', 'path', entry, file),
    call(10, 'scan'),
    {
      name: 'scan --incremental, one file',
      bar: 7,
      args: (run) => {
        appendFileSync(join(root, file), `\n// ${run}\n`);
        git(root, 'add', file);
        return [site.cpk, 'scan', '--incremental'];
      },
      cwd: root,
    },
  ];
}

/** The file that most import, a symbol of it, and the file that brings in the most. */
function subjectOf(site: Site, root: string): { file: string; name: string; entry: string } {
  const ask = (...args: string[]) => JSON.parse(site.run(root, 'code', ...args));
  const { most_imported, entry_points } = ask('summary') as Record<string, Record<string, number>>;
  const file = Object.keys(most_imported ?? {}).find((path) => /\.[a-z]+$/.test(path)) ?? '';
  const [symbol] = ask('symbols', '--file', file, '--exported', '--limit', '1') as {
    name: string;
  }[];
  const [entry = file] = Object.keys(entry_points ?? {});
  return { file, name: symbol?.name ?? 'main', entry };
}
