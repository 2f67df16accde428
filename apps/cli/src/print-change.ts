import type { TaskResult } from '@codepakt/contract';
import type { Context } from './context.ts';
import { changeForm } from './task-forms.ts';
import { terse } from './terse.ts';

/** Prints what a change of a task did. */
export async function printChange(
  result: TaskResult,
  full: boolean | undefined,
  { output }: Context,
): Promise<void> {
  await output.print(result, {
    json: full === true ? terse : changeForm,
    human: async (safe) => (await import('./human/task.ts')).showChange(safe),
  });
}
