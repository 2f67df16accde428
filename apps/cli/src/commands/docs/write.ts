import { DOC_TYPES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { docForm } from '../../doc-form.ts';
import { requireBody } from '../../read-body.ts';
import { CHANGE_OPTIONS } from '../../shared-options.ts';
import { terse } from '../../terse.ts';

export const command = defineCommand({
  name: 'docs write',
  summary: 'Write a doc: what others should know',
  examples: [
    'cpk docs write --type decision --title "Sessions in cookies" --body "Because …"',
    'cpk docs write --type reference --title PRD --file prd.md',
  ],
  positionals: [
    { name: 'stdin', label: '-', describe: '-: the body comes from stdin', optional: true },
  ],
  options: {
    type: { type: 'text', choices: DOC_TYPES, required: true, describe: 'what kind' },
    title: { type: 'text', required: true, describe: 'its title' },
    body: { type: 'text', describe: 'its text, in Markdown; - is stdin', old: ['content'] },
    file: { type: 'text', describe: 'the file with its text; - is stdin' },
    section: { type: 'text', describe: 'where it belongs' },
    tags: { type: 'list', describe: 'words to find it by' },
    author: { type: 'text', describe: 'who says so; left out: who acts' },
    ...CHANGE_OPTIONS,
  },
  async run({ stdin, body, file, full, key, ...fields }, context) {
    const text = await requireBody({ stdin, body, file }, context.invocation.cwd);
    const { client, params } = context.board();
    const doc = await client.docs.create({ params, body: { ...fields, body: text } }, { key });
    await context.output.print(doc, {
      json: full === true ? terse : docForm,
      human: async (safe) => (await import('../../human/doc.ts')).showDocHead(safe),
    });
  },
});
