import { CodepaktError } from '@codepakt/contract/light';

/** What a person typed for what the server knows by its header. */
const FLAG_OF_HEADER = { 'Codepakt-Agent': '--agent (CPK_AGENT)', 'Idempotency-Key': '--key' };

/**
 * Names flags where the server named headers. And a project that the server does not know may have a
 * board that says more, such as one of an older codepakt.
 */
export async function explainError(
  error: unknown,
  root: () => string | undefined,
): Promise<unknown> {
  if (!(error instanceof CodepaktError)) return error;
  if (error.code === 'invalid_input') return nameFlag(error);
  if (error.code !== 'project_not_found') return error;
  // It says already which project is meant, and what to do.
  if (error.details !== undefined) return error;
  const folder = root();
  if (folder === undefined) return error;
  const { explainMissingProject } = await import('./explain-missing-project.ts');
  return explainMissingProject(folder, error);
}

function nameFlag(error: CodepaktError): CodepaktError {
  const { code, message, hint, errors, details } = error;
  for (const [header, flag] of Object.entries(FLAG_OF_HEADER)) {
    if (!message.startsWith(`${header} `)) continue;
    return new CodepaktError(code, message.replace(header, flag), {
      hint,
      errors,
      details,
      cause: error,
    });
  }
  return error;
}
