import type { BoardStatus } from '@codepakt/contract';
import { sql } from 'kysely';
import { listAgents } from '../agents/list-agents.ts';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { lastEventId } from '../events/find-events.ts';
import { taskId } from '../ids.ts';
import { projectInfo } from '../project-info.ts';
import { countTasks } from '../tasks/count-tasks.ts';

const MAX_BLOCKED = 50;

/** Counts, what is blocked, who is here: the board at a glance. */
export function boardStatus(ctx: Context): BoardStatus {
  const { held, ...counts } = countTasks(ctx);
  const { id, name } = projectInfo(ctx);
  const blocked = ctx.db.all(
    sqlBuilder
      .selectFrom('tasks')
      .select(['id', 'title', 'assignee', 'blocker_reason'])
      .where('status', '=', sql.lit('blocked'))
      .orderBy('priority')
      .orderBy('id')
      .limit(MAX_BLOCKED),
  );
  return {
    project: { id, name },
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
    held,
    blocked: blocked.map((task) => ({ ...task, id: taskId(task.id) })),
    agents: listAgents(ctx),
    last_event_id: lastEventId(ctx),
  };
}
