import type { DocInput } from '@codepakt/contract';
import { timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { sqlBuilder } from './database/database.ts';
import { createDoc } from './docs/create-doc.ts';
import { appendEvent } from './events/append-event.ts';

export interface Seed {
  id: string;
  name: string;
  /** What the project is to become: stored as a doc, with a guide how to make tasks of it. */
  prd?: { title: string; body: string } | undefined;
}

/** Says in a new database whose it is. */
export function seedProject(ctx: Context, { id, name }: Seed): void {
  const created_at = timestamp(ctx.clock);
  ctx.db.run(
    sqlBuilder
      .insertInto('projects')
      .values({ id, name, description: null, settings: '{}', created_at }),
  );
  appendEvent(ctx, {
    action: 'project_created',
    detail: { name: [null, name] },
    by: {},
    at: created_at,
  });
}

/** Stores the PRD, and beside it the guide how to make a board of it. */
export function seedDocs(ctx: Context, { prd }: Seed): void {
  if (prd === undefined) return;
  createDoc(ctx, prdDoc(prd), {});
  createDoc(ctx, GUIDE, {});
}

export function prdDoc({ title, body }: { title: string; body: string }): DocInput {
  return { type: 'reference', title, body, tags: ['prd', 'requirements'], author: 'human' };
}

const GUIDE: DocInput = {
  type: 'reference',
  title: 'Board setup guide',
  tags: ['guide', 'setup'],
  author: 'codepakt',
  body: `# From the PRD to a board

1. Read the PRD whole: \`cpk docs read D-001\`.
2. Name its epics: three to eight parts that each make sense alone.
3. Cut every epic into tasks that one agent finishes in a day or less. A title says the outcome; the description says what somebody needs who was not there.
4. Give each task a \`verify\` command that exits 0 only when the task is done, and acceptance criteria for what a command can't see.
5. Put what must come first into \`depends_on\`, and nothing else: every needless edge makes an agent wait.
6. List in \`touches\` the path globs that the task will edit. Two tasks that touch the same files are then not handed out at once.
7. Refer to docs that a task needs in \`context_refs\`: they come along when it is picked up.
8. Write all tasks into one JSON array and add them at once, all or none: \`cpk task add --batch tasks.json\`. Inside it a task can name another by its \`key\`.
9. Look at the result: \`cpk task graph\`, then \`cpk board status\`. Something must be open, and nothing should wait for everything.
`,
};
