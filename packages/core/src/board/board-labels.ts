import type { BoardLabels } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared } from '../database/database.ts';
import { raw } from '../database/raw.ts';

/** The epics, tags and assignees that tasks have, by name: what a board can be filtered by. */
export function boardLabels(ctx: Context): BoardLabels {
  return {
    epics: ctx.db.all(epics, {}),
    tags: ctx.db.all(tags, {}),
    assignees: ctx.db.all(assignees, {}),
  };
}

const epics = prepared(
  () => raw<{ name: string; total: number; done: number }>`
    SELECT epic AS name, sum(status <> 'cancelled') AS total, sum(status = 'done') AS done
    FROM tasks WHERE epic IS NOT NULL GROUP BY epic ORDER BY epic`,
);
const tags = prepared(
  () => raw<{ name: string; total: number }>`
    SELECT value AS name, count(*) AS total
    FROM tasks, json_each(tasks.tags) GROUP BY value ORDER BY value`,
);
const assignees = prepared(
  () => raw<{ name: string; total: number }>`
    SELECT assignee AS name, count(*) AS total
    FROM tasks WHERE assignee IS NOT NULL GROUP BY assignee ORDER BY assignee`,
);
