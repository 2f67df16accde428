import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Fetches the grammars and their runtime from npm into `grammars/`, with their licences, and
 * writes the manifest and the table of the README: `node scripts/update-grammars.ts`.
 * For a newer version change it here, run this, and raise the versions of the extractors.
 */
const RUNTIME = { package: 'web-tree-sitter', version: '0.27.1' };

const GRAMMARS = [
  {
    name: 'typescript',
    package: 'tree-sitter-typescript',
    version: '0.23.2',
    parser: 'typescript/',
  },
  { name: 'tsx', package: 'tree-sitter-typescript', version: '0.23.2', parser: 'tsx/' },
  { name: 'javascript', package: 'tree-sitter-javascript', version: '0.25.0', parser: '' },
  { name: 'python', package: 'tree-sitter-python', version: '0.25.0', parser: '' },
  { name: 'go', package: 'tree-sitter-go', version: '0.25.0', parser: '' },
];

const grammarsDir = fileURLToPath(new URL('../grammars', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'codepakt-grammars-'));
const unpacked = new Map<string, string>();

try {
  const runtime = unpack(RUNTIME.package, RUNTIME.version);
  const manifest = {
    runtime: {
      ...RUNTIME,
      ...bring(join(runtime, 'web-tree-sitter.wasm'), 'web-tree-sitter.wasm'),
      licence: licenceOf(runtime),
    },
    grammars: GRAMMARS.map(({ name, package: from, version, parser }) => {
      const folder = unpack(from, version);
      const file = bring(join(folder, `tree-sitter-${name}.wasm`), `${name}/grammar.wasm`);
      copyFileSync(join(folder, 'LICENSE'), join(grammarsDir, name, 'LICENSE'));
      const abi = abiOf(join(folder, parser, 'src/parser.c'));
      return { name, package: from, version, abi, ...file, licence: licenceOf(folder) };
    }),
  };
  copyFileSync(join(runtime, 'LICENSE'), join(grammarsDir, 'web-tree-sitter.LICENSE'));
  writeFileSync(join(grammarsDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeTable([{ name: 'runtime', abi: '13–15', ...manifest.runtime }, ...manifest.grammars]);
} finally {
  rmSync(work, { recursive: true });
}

/** The folder of a package as npm publishes it. */
function unpack(name: string, version: string): string {
  const id = `${name}@${version}`;
  const known = unpacked.get(id);
  if (known !== undefined) return known;
  const folder = join(work, id);
  mkdirSync(folder);
  const pack = execFileSync('npm', ['pack', id, '--silent'], { cwd: folder, encoding: 'utf8' });
  execFileSync('tar', ['xzf', pack.trim()], { cwd: folder });
  unpacked.set(id, join(folder, 'package'));
  return join(folder, 'package');
}

function bring(from: string, file: string) {
  const target = join(grammarsDir, file);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(from, target);
  const sha256 = createHash('sha256').update(readFileSync(target)).digest('hex');
  return { file, bytes: statSync(target).size, sha256 };
}

function licenceOf(folder: string): string {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).license;
}

/** Each package carries the generated parser, which names the ABI that it was generated for. */
function abiOf(parser: string): number {
  const version = /#define LANGUAGE_VERSION (\d+)/.exec(readFileSync(parser, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${parser} does not say its ABI`);
  return Number(version);
}

type Row = { name: string; package: string; version: string; abi: number | string; file: string };

function writeTable(rows: (Row & { bytes: number; licence: string })[]): void {
  const readme = join(grammarsDir, 'README.md');
  const lines = rows.map(
    (row) =>
      `| ${row.name} | \`${row.file}\` | ${row.package} ${row.version} | ${row.abi} | ${Math.round(row.bytes / 1024)} | ${row.licence} |`,
  );
  const table = [
    '| | file | npm package | ABI | KiB | licence |',
    '|---|---|---|---|---|---|',
    ...lines,
  ];
  const text = readFileSync(readme, 'utf8');
  writeFileSync(readme, `${text.slice(0, text.indexOf('| | file |'))}${table.join('\n')}\n`);
}
