import type { Agent, TaskHead } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { taskId } from '../ids.ts';

/** Every agent that was ever here, last seen first, with what it holds. */
export function listAgents(ctx: Context): Agent[] {
  const holding = new Map<string, TaskHead[]>();
  const held = ctx.db.all(
    sqlBuilder
      .selectFrom('tasks')
      .select(['id', 'title', 'claim', 'lease_expires_at', 'assignee'])
      .where('status', '=', sql.lit('in-progress'))
      .where('assignee', 'is not', null)
      .orderBy('id'),
  );
  for (const { assignee, ...task } of held) {
    const name = assignee ?? '';
    const tasks = holding.get(name) ?? [];
    tasks.push({ ...task, id: taskId(task.id) });
    holding.set(name, tasks);
  }
  const agents = ctx.db.all(
    sqlBuilder.selectFrom('agents').selectAll().orderBy('last_seen', 'desc').orderBy('name'),
  );
  return agents.map(({ name, last_seen }) => {
    const tasks = holding.get(name) ?? [];
    return { name, status: tasks.length > 0 ? 'working' : 'idle', last_seen, tasks };
  });
}
