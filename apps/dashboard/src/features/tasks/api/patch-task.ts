import { CodepaktError, type TaskPatch } from '@codepakt/contract';
import { client } from '../../../app/client.ts';
import { type ChangeTask, useChangeTask } from './change-task.ts';

/** Somebody else changed the same field meanwhile. */
export interface Conflict {
  field: string;
  theirs: unknown;
  who: string;
}

export type PatchTask = (
  patch: TaskPatch,
  /** The version that the person saw when the change was begun; undefined writes over any. */
  seen: number | undefined,
) => Promise<'saved' | 'refused' | Conflict>;

/** Makes of what is typed into a field what saves it. */
export type SaveField = (
  toPatch: (text: string) => TaskPatch,
) => (text: string, seen: number | undefined) => ReturnType<PatchTask>;

/** Changes fields of a task, unless somebody changed the same ones since they were seen. */
export function usePatchTask(project: string, id: string): PatchTask {
  const changeTask = useChangeTask(project);
  return (patch, seen) => patchTask({ project, id, patch, seen, changeTask });
}

async function patchTask({
  project,
  id,
  patch,
  seen,
  changeTask,
}: {
  project: string;
  id: string;
  patch: TaskPatch;
  seen: number | undefined;
  changeTask: ChangeTask;
}): Promise<'saved' | 'refused' | Conflict> {
  let conflict: Conflict | undefined;
  const isDone = await changeTask({
    id,
    says: `${id}: ${Object.keys(patch)
      .map((field) => field.replaceAll('_', ' '))
      .join(', ')} changed`,
    send: () => client.tasks.update({ params: { project, id }, body: patch }, { if_match: seen }),
    onRefused: (error) => {
      conflict = toConflict(error);
      return conflict !== undefined;
    },
  });
  return conflict ?? (isDone ? 'saved' : 'refused');
}

function toConflict(error: unknown): Conflict | undefined {
  if (!(error instanceof CodepaktError) || error.code !== 'stale_version') return undefined;
  const { field, theirs, agent } = error.details ?? {};
  return { field: String(field), theirs, who: String(agent) };
}
