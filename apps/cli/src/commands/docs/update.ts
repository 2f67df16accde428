import type { DocPatch } from '@codepakt/contract';
import { DOC_TYPES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { docForm } from '../../doc-form.ts';
import { givenFields } from '../../given-fields.ts';
import { helpOf } from '../../parse-arguments.ts';
import { readBody } from '../../read-body.ts';
import { CHANGE_OPTIONS, DOC_ID } from '../../shared-options.ts';
import { terse } from '../../terse.ts';
import { wrongUsage } from '../../wrong-usage.ts';

export const command = defineCommand({
  name: 'docs update',
  summary: 'Change a doc; an empty value clears a field',
  positionals: [
    DOC_ID,
    { name: 'stdin', label: '-', describe: '-: the body comes from stdin', optional: true },
  ],
  options: {
    type: { type: 'text', choices: DOC_TYPES, describe: 'what kind' },
    title: { type: 'text', describe: 'its title' },
    body: { type: 'text', describe: 'its text, in Markdown; - is stdin' },
    file: { type: 'text', describe: 'the file with its text; - is stdin' },
    section: { type: 'text', describe: 'where it belongs' },
    tags: { type: 'list', describe: 'words to find it by' },
    author: { type: 'text', describe: 'who says so' },
    if_version: { type: 'integer', describe: 'refuse if one of the fields was changed since' },
    ...CHANGE_OPTIONS,
  },
  async run({ id, stdin, body, file, full, key, if_version, ...fields }, context) {
    const text = await readBody({ stdin, body, file }, context.invocation.cwd);
    const patch: DocPatch = givenFields({ ...fields, body: text }, (name) => CLEARABLE.has(name));
    if (Object.keys(patch).length === 0) {
      throw wrongUsage('cpk docs update needs a field to change', helpOf('docs update'));
    }
    const { client, params } = context.board();
    const call = { params: { ...params, id }, body: patch };
    const doc = await client.docs.update(call, { key, if_match: if_version });
    await context.output.print(doc, {
      json: full === true ? terse : docForm,
      human: async (safe) => (await import('../../human/doc.ts')).showDocHead(safe),
    });
  },
});

const CLEARABLE = new Set(['section', 'author']);
