import { auditPackages } from './audit/audit-packages.ts';
import type { Part } from './part.ts';

/** The packages of others that reach users. */
export const part: Part = {
  summary: 'packages of others: known weaknesses, install scripts, the lockfile',
  async run() {
    return auditPackages();
  },
};
