import type {
  CodeSummary,
  FileDependents,
  FileImports,
  ImportCycles,
  ImportPath,
  OrphanFiles,
  ScanResult,
  SymbolHit,
  SymbolSource,
} from '@codepakt/contract';
import { span } from '../code/code-forms.ts';
import type { ShownOutline } from '../code/shown-outline.ts';
import { colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';
import { showTable } from './table.ts';
import { showTime } from './time.ts';

const { bold, dim, yellow, red } = colours;

export function showScan(result: ScanResult): string {
  const { files, parsed, removed, symbols, imports, skipped, errors, languages } = result;
  const left = Object.entries(skipped).map(([reason, count]) => `${count} ${spaced(reason)}`);
  return [
    `${bold(counted(files, 'file'))} in the index: ${counted(symbols, 'symbol')}, ${counted(imports, 'import')}`,
    dim(
      Object.entries(languages)
        .map(([name, count]) => `${name} ${number(count)}`)
        .join('  '),
    ),
    `${number(parsed)} parsed, ${number(removed)} removed, in ${(result.duration_ms / 1_000).toFixed(1)} s`,
    ...(left.length === 0 ? [] : [yellow(`left out: ${left.join(', ')}`)]),
    ...errors.map(({ file, message }) => red(`${file}: ${toOneLine(message)}`)),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

export function showCheck(counts: { changed: number; new: number; gone: number }): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  if (found.length === 0) return 'the index fits the files';
  const what = found.map(([name, count]) => `${number(count)} ${name}`).join(', ');
  return `${yellow('the index is out of date')}: ${what}\n${dim('cpk scan')}`;
}

export function showSymbols(hits: readonly SymbolHit[]): string {
  if (hits.length === 0) return dim('nothing is called so');
  return showTable(hits, [
    { head: 'kind', cell: ({ kind }) => dim(kind) },
    { head: 'name', cell: ({ name, parent }) => (parent === null ? name : `${parent}.${name}`) },
    { head: 'at', cell: ({ file, line, stale }) => `${file}:${line}${mark(stale)}` },
    { head: 'signature', cell: ({ signature }) => signature, flexible: true },
  ]);
}

export function showOutline(shown: ShownOutline): string {
  const { file, outline, lines, deeper, stale } = shown;
  const spans = outline.map(({ start_line, end_line }) => span(start_line, end_line));
  const width = Math.max(0, ...spans.map((text) => text.length));
  return [
    `${bold(file)}  ${dim(counted(lines, 'line'))}${mark(stale)}`,
    ...outline.map(
      ({ depth, signature }, at) =>
        `${dim((spans[at] ?? '').padStart(width))}  ${'  '.repeat(depth)}${signature}`,
    ),
    ...(deeper > 0 ? [dim(`and ${number(deeper)} in these`)] : []),
  ].join('\n');
}

export function showSource({ file, start_line, end_line, text, others }: SymbolSource): string {
  const also = others.map((other) => dim(`also ${other.file}:${other.line}`));
  return [
    bold(`${file}:${span(start_line, end_line)}`),
    text ?? yellow('the file was changed since it was scanned: --fresh reads it anew'),
    ...also,
  ].join('\n');
}

export function showImports({ file, imports, stale }: FileImports): string {
  if (imports.length === 0) return dim(`${file} imports nothing`) + mark(stale);
  return showTable(imports, [
    { head: 'line', cell: ({ line }) => dim(String(line)) },
    { head: 'from', cell: ({ specifier, resolved }) => resolved.join(', ') || dim(specifier) },
    { head: 'kind', cell: ({ kind }) => (kind === 'import' ? '' : spaced(kind)) },
    {
      head: 'names',
      cell: ({ names }) =>
        names.map(({ name, alias }) => (alias === null ? name : `${name} as ${alias}`)).join(', '),
      flexible: true,
    },
  ]);
}

export function showDependents({ file, items, total, stale }: FileDependents): string {
  if (items.length === 0) return dim(`nothing imports ${file}`);
  const isStale = new Set(stale);
  const lines = items.map((item) => {
    const place = item.line === null ? item.file : `${item.file}:${item.line}`;
    const distance = item.line === null ? `${dim(String(item.distance).padStart(2))}  ` : '';
    return `${distance}${place}${mark(isStale.has(item.file))}`;
  });
  return [...lines, ...rest(total, items.length)].join('\n');
}

export function showSummary(summary: CodeSummary): string {
  const { files, lines, symbols, imports, tests, languages, scanned_at } = summary;
  const list = (title: string, counts: CodeSummary['folders']) =>
    counts.length === 0
      ? []
      : [
          '',
          bold(title),
          ...counts.map(({ file, count }) => `${String(count).padStart(6)}  ${file}`),
        ];
  return [
    `${bold(counted(files, 'file'))}, ${counted(lines, 'line')}, ${counted(symbols, 'symbol')}, ${counted(imports, 'import')}, ${counted(tests, 'test file')}`,
    Object.entries(languages)
      .map(([name, count]) => `${name} ${number(count)}`)
      .join('  '),
    dim(scanned_at === null ? 'never scanned' : `scanned ${showTime(scanned_at)}`),
    ...list('folders', summary.folders),
    ...list('most imported', summary.most_imported),
    ...list('entry points, with the files they bring in', summary.entry_points),
  ].join('\n');
}

export function showCycles({ items, total, stale }: ImportCycles): string {
  if (total === 0) return dim('no file imports itself, by way of others or not');
  const isStale = new Set(stale);
  const groups = items.map(({ files, cycle }) =>
    [
      bold(counted(files, 'file')),
      ...cycle.map(({ file, line }) => `  ${file}:${line}${mark(isStale.has(file))}`),
    ].join('\n'),
  );
  return [...groups, ...rest(total, items.length)].join('\n');
}

export function showOrphans({ items, total, entry_points, stale }: OrphanFiles): string {
  const isStale = new Set(stale);
  const lines = items.map((file) => `${file}${mark(isStale.has(file))}`);
  const started = `${counted(entry_points, 'other')} started by a package.json or a tool`;
  return [
    ...(total === 0 ? [dim('every file is imported by another, or started')] : lines),
    ...rest(total, items.length),
    ...(entry_points === 0 ? [] : [dim(started)]),
  ].join('\n');
}

export function showPath({ steps, stale }: ImportPath): string {
  if (steps.length === 0) return dim('there is no way by imports');
  const isStale = new Set(stale);
  return steps
    .map(
      ({ file, line }) =>
        `${file}${line === null ? '' : dim(`:${line}`)}${mark(isStale.has(file))}`,
    )
    .join('\n');
}

function mark(isStale: boolean): string {
  return isStale ? yellow(' (changed since the scan)') : '';
}

function rest(total: number, shown: number): string[] {
  return total > shown ? [dim(`and ${number(total - shown)} more: --limit ${total}`)] : [];
}

function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function spaced(word: string): string {
  return word.replaceAll('_', ' ');
}
