import { LIMITS } from '@codepakt/contract/light';
import type { InitResult } from '@codepakt/core';
import { defineCommand } from '../command.ts';
import { readInput } from '../read-input.ts';
import { terse } from '../terse.ts';

export const command = defineCommand({
  name: 'init',
  summary: 'Make this folder a project with a board',
  details:
    'Makes .codepakt/ with config and database, registers the project, and tells agents of it as ' +
    '`cpk generate` does. Run twice it changes nothing. ' +
    'A board of codepakt 0.1 or 0.2 is carried over, after a backup.',
  examples: ['cpk init', 'cpk init --name shop --prd docs/prd.md'],
  positionals: [],
  options: {
    name: { type: 'text', describe: 'left out: the name of the folder', old: ['n'] },
    prd: { type: 'text', describe: 'FILE whose text becomes the first doc; - is stdin' },
    hosted: {
      type: 'flag',
      describe: 'keep the database in the data directory, where SQLite is safe',
    },
    no_generate: {
      type: 'flag',
      describe: 'leave it to you to tell agents of it (AGENTS.md, GEMINI.md, .claude/rules)',
    },
  },
  async run({ name, prd, hosted, no_generate }, { invocation, data_dir, output }) {
    const { cwd, version } = invocation;
    const body = prd === undefined ? undefined : await readInput(prd, cwd, 4 * LIMITS.doc_body);
    const { initProject } = await import('@codepakt/core');
    const result = initProject(cwd, {
      name,
      hosted,
      data_dir,
      ...(body === undefined ? {} : { prd: { title: 'PRD', body } }),
    });
    if (no_generate !== true) await tellAgents(result, version);
    await output.print(result, {
      json: ({ project: { id, name, path, hosted }, created, carried_over, messages }) =>
        terse({ id, name, path, hosted: hosted ? true : null, created, carried_over, messages }),
      human: async (safe) => (await import('../human/init.ts')).showInit(safe, body !== undefined),
    });
  },
});

/** Adds to the messages what was written. The board is made already, so nothing here undoes that. */
async function tellAgents({ project, messages }: InitResult, version: string): Promise<void> {
  const { generate } = await import('../coordination/generate.ts');
  const { written, left_alone } = generate(project.path, version);
  if (written.length > 0) messages.push(`Agents are told of it in ${written.join(', ')}.`);
  for (const { path, why } of left_alone) messages.push(`${path} was left alone: ${why}.`);
}
