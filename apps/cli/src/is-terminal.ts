import { fstatSync } from 'node:fs';

/**
 * Whether a terminal is on the other side. What can't be one is told without `node:tty`, which brings
 * sockets and streams along: in a pipe most commands need neither.
 */
export function isTerminal(fd: 1 | 2): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false; // It is closed.
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}
