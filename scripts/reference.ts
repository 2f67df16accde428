// The reference pages, written from the tables that the programs themselves use.
// `pnpm reference` writes them; reference.test.ts fails when they are out of date.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyCommand, Option, Positional } from '../apps/cli/src/command.ts';
import { commands } from '../apps/cli/src/commands/index.ts';
import { COMMON_OPTIONS } from '../apps/cli/src/common-options.ts';
import { exitCodeOf } from '../apps/cli/src/exit-code.ts';
import { STATUS_OF } from '../apps/server/src/error-handler.ts';
import {
  CodepaktError,
  type Endpoint,
  ERROR_CODES,
  endpoints,
} from '../packages/contract/src/index.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));

/** The reference pages by file name. */
export async function referencePages(): Promise<Record<string, string>> {
  return { 'cli.md': await cliReference(), 'http.md': httpReference() };
}

async function cliReference(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const sections = loaded.map(({ command }) => commandSection(command));
  return page(
    'Command line',
    `stdout is data, stderr is for people. Where stdout is no terminal, or \`CPK_AGENT\` is set, a
command prints one line of JSON with null and empty fields left out; a terminal gets tables.
\`--json\`, \`--human\` and \`CPK_OUTPUT\` choose.`,
    '## Every command takes',
    optionTable(COMMON_OPTIONS),
    '## Exit codes',
    exitTable(),
    ...sections,
  );
}

function commandSection(command: AnyCommand): string {
  const { name, summary, details, examples = [], positionals, options } = command;
  const usage = [name, ...positionals.map(positionalText), '[options]'].filter(
    (part) => part !== '',
  );
  return [
    `## cpk ${name}`.trim(),
    `${summary}.`,
    details ?? '',
    `\`\`\`sh\n${[`cpk ${usage.join(' ')}`, ...examples].join('\n')}\n\`\`\``,
    positionals.length > 0 ? positionalTable(positionals) : '',
    optionTable(options),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function positionalText({ name, label, optional, rest }: Positional): string {
  const shown = `${label ?? name.toUpperCase()}${rest === true ? '…' : ''}`;
  return optional === true ? `[${shown}]` : shown;
}

function positionalTable(positionals: readonly Positional[]): string {
  return table(
    ['argument', 'is'],
    positionals.map((positional) => [`\`${positionalText(positional)}\``, positional.describe]),
  );
}

function optionTable(options: Readonly<Record<string, Option>>): string {
  const shown = Object.entries(options).filter(([, { hidden }]) => hidden !== true);
  if (shown.length === 0) return '';
  return table(
    ['option', 'takes', 'is'],
    shown.map(([name, option]) => [
      `\`${option.short === undefined ? '' : `-${option.short}, `}--${name.replaceAll('_', '-')}\``,
      takes(option),
      `${option.describe}${option.required === true ? ' (needed)' : ''}`,
    ]),
  );
}

function takes({ type, choices, implied }: Option): string {
  const what = choices === undefined ? (type === 'flag' ? '' : type) : choices.join(', ');
  return implied === undefined ? what : `${what}; alone ${implied}`;
}

function exitTable(): string {
  const byExit = Map.groupBy(ERROR_CODES, (code) => exitCodeOf(new CodepaktError(code, '')));
  const rows = [...byExit].sort(([a], [b]) => a - b);
  return table(
    ['exit', 'errors'],
    [['0', 'done'], ...rows.map(([exit, codes]) => [String(exit), codes.join(', ')])],
  );
}

function httpReference(): string {
  const groups = Object.entries(endpoints).map(([group, rows]) =>
    [`## ${group}`, endpointTable(Object.values(rows) as Endpoint[])].join('\n\n'),
  );
  const byStatus = Map.groupBy(ERROR_CODES, (code) => STATUS_OF[code]);
  const errors = [...byStatus].sort(([a], [b]) => a - b);
  return page(
    'HTTP',
    `The daemon listens on \`127.0.0.1:41920\`. \`/api/openapi.json\` holds the exact schemas of all of
this. Bodies are JSON and never coerced; unknown fields are refused. Lists answer
\`{"items": […], "next_cursor": …}\`; single things come bare.

| header | is |
|---|---|
| \`Content-Type: application/json\` | needed on everything but GET |
| \`Codepakt-Agent\` | who acts; left out: a person |
| \`Idempotency-Key\` | on a POST: a repeat with the same key gets the first answer, for 24 hours at least |
| \`If-Match\` | on a PATCH: the version that you saw, in quotes, as \`ETag\` told it: \`"3"\`; 412 when a field of yours was changed since |
| \`Codepakt-Version\`, \`Codepakt-Api\`, \`Codepakt-Instance\` | on every answer: which daemon this is |`,
    ...groups,
    '## Errors',
    'An error is `application/problem+json` (RFC 9457) with our `code`, a `detail` sentence and, for wrong input, `errors` with the path of each field.',
    table(
      ['status', 'codes'],
      errors.map(([status, codes]) => [String(status), codes.join(', ')]),
    ),
  );
}

function endpointTable(rows: readonly Endpoint[]): string {
  return table(
    ['', 'path', 'query', 'body', 'does'],
    rows.map(({ method, path, query, body, summary }) => [
      method,
      `\`${path}\``,
      fieldsOf(query),
      fieldsOf(body),
      summary,
    ]),
  );
}

function fieldsOf(schema: unknown): string {
  const { properties, required = [] } = (schema ?? {}) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.keys(properties ?? {})
    .map((name) => (required.includes(name) ? `**${name}**` : name))
    .join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function page(title: string, ...parts: string[]): string {
  return `${[`# ${title}`, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await referencePages()))
    writeFileSync(docs + name, text);
}
