/** What `cpk doctor` found out, right or wrong. */
export interface Finding {
  /** What was looked at. */
  check: string;
  level: 'ok' | 'warning' | 'error';
  message: string;
  /** What puts it right: a command, where there is one. Left out when all is well. */
  mend?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message };
}

export function warning(check: string, message: string, mend: string): Finding {
  return { check, level: 'warning', message, mend };
}

export function failure(check: string, message: string, mend: string): Finding {
  return { check, level: 'error', message, mend };
}

/** A path as one can type it into a shell. */
export function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
