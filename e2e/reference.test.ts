// The reference pages are written from the sources (scripts/reference.test.ts); here they are held
// against what the packed program says of itself.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Workbench } from '../apps/cli/src/testing/workbench.ts';

test('the page of commands names what the packed program knows, and nothing else', async () => {
  await using bench = await Workbench.open();
  const { stdout } = await bench.cpk(['completion', 'fish']);
  const words = wordsOf(stdout, '__cpk_words');
  const options = wordsOf(stdout, '__cpk_options');
  const [, ...sections] = page('cli.md').split(/^## cpk/m);
  const [common = ''] = page('cli.md').split('## Exit codes');

  const names = sections.map((section) => section.split('\n', 1)[0]?.trim() ?? '');
  // A group of commands offers words, and has no section of its own.
  const groups = [...words.keys()].filter((place) => !names.includes(place));
  expect([...options.keys()].sort()).toEqual([...names, ...groups].sort());
  expect(groups.length).toBeGreaterThan(5);

  for (const [at, section] of sections.entries()) {
    const name = names[at] ?? '';
    const told = new Map([...optionRows(common), ...optionRows(section)]);
    if (name === '') told.set('--version', 'the version of cpk');
    expect(Object.fromEntries(options.get(name) ?? []), name).toEqual(Object.fromEntries(told));
    const [noun = '', verb] = name.split(' ');
    const summary = words.get(verb === undefined ? '' : noun)?.get(verb ?? noun);
    if (name !== '') expect(section).toContain(`\n\n${summary}.\n`);
  }
});

test('the page of the HTTP interface names what the packed daemon serves, and nothing else', async () => {
  await using bench = await Workbench.withProject();
  await bench.ok(['server', 'start']);
  const answer = await fetch(`${bench.daemon?.url}/api/openapi.json`);
  const { paths, components } = (await answer.json()) as Api;
  const served = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody, summary }]) => {
      const query = parameters.filter((parameter) => parameter.in === 'query');
      const needed = query.filter(({ required }) => required).map(({ name }) => name);
      const { $ref = '' } = requestBody?.content['application/json']?.schema ?? {};
      const { properties = {}, required = [] } = components.schemas[lastWord($ref)] ?? {};
      return [
        method.toUpperCase(),
        `\`${path}\``,
        fields(
          query.map(({ name }) => name),
          needed,
        ),
        fields(Object.keys(properties), required),
        summary,
      ].join(' | ');
    }),
  );
  const rows = [...page('http.md').matchAll(/^\| ((?:GET|POST|PATCH|PUT|DELETE) \|.*) \|$/gm)];
  expect(rows.map(([, row]) => row).sort()).toEqual(served.sort());
});

interface Api {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Operation {
  summary: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  /** JSON, but for an imported board. */
  requestBody?: { content: { 'application/json'?: { schema: { $ref: string } } } };
}

interface Schema {
  properties?: Record<string, unknown>;
  required?: string[];
}

/** The fields of a query or a body, as the page tells them: those that are needed are bold. */
function fields(names: readonly string[], required: readonly string[]): string {
  return names.map((name) => (required.includes(name) ? `**${name}**` : name)).join(', ');
}

function lastWord(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

function page(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

/** The options in the tables of a section, with what they are. */
function optionRows(section: string): [string, string][] {
  return [...section.matchAll(/^\| `(?:-\w, )?(--[a-z-]+)` \|[^|]*\| (.*) \|$/gm)].map(
    ([, name = '', describe = '']) => [name, describe.replace(/ \(needed\)$/, '')],
  );
}

/** By the words before, what a function of the completion offers, and what it says of it. */
function wordsOf(script: string, name: string): Map<string, Map<string, string>> {
  const [, body = ''] = new RegExp(`^function ${name}\\n(.*?)^end$`, 'ms').exec(script) ?? [];
  const rows = [...body.matchAll(/case '(.*)'\n\s+printf '%s\\n' (.*)/g)];
  return new Map(
    rows.map(([, place = '', offers = '']) => {
      const words = [...offers.matchAll(/'((?:\\.|[^'\\])*)'/g)].map(([, quoted = '']) =>
        quoted.replace(/\\(.)/g, '$1').split('\t'),
      );
      return [place, new Map(words.map(([word = '', describe = '']) => [word, describe]))];
    }),
  );
}
