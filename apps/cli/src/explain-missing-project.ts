import { CodepaktError } from '@codepakt/contract/light';
import { openProject } from '@codepakt/core';

/** Why a project is not served although its folder is here: its board tells, or it was never set up by this user. */
export function explainMissingProject(folder: string, error: CodepaktError): unknown {
  try {
    using _project = openProject(folder);
  } catch (reason) {
    // An older, newer, damaged or foreign database says so itself.
    if (reason instanceof CodepaktError && reason.code !== 'project_not_found') return reason;
    return error;
  }
  return new CodepaktError(
    'project_not_found',
    `the board in ${folder} was not set up on this machine`,
    {
      hint: 'If you trust it: cpk init',
      cause: error,
    },
  );
}
