import { CodepaktError } from '@codepakt/contract/light';

/** A project that the server does not know may have a board that says more, such as one of an older codepakt. */
export async function explainError(
  error: unknown,
  root: () => string | undefined,
): Promise<unknown> {
  if (!(error instanceof CodepaktError) || error.code !== 'project_not_found') return error;
  // It says already which project is meant, and what to do.
  if (error.details !== undefined) return error;
  const folder = root();
  if (folder === undefined) return error;
  const { explainMissingProject } = await import('./explain-missing-project.ts');
  return explainMissingProject(folder, error);
}
