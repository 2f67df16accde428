import { colours } from './colour.ts';
import { neutralize, toOneLine } from './neutralize.ts';

/** A line of the server's log for people: time, level, what, and the rest as it is. */
export function showLogLine(line: string): string {
  const { dim, red, yellow } = colours;
  let entry: Record<string, unknown>;
  try {
    entry = neutralize(JSON.parse(line) as Record<string, unknown>);
  } catch {
    // What the runtime itself printed, such as a stack.
    return toOneLine(neutralize(line));
  }
  const { level, time, msg, ...rest } = entry;
  const colour = level === 'error' || level === 'fatal' ? red : level === 'warn' ? yellow : String;
  const more = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return toOneLine(
    `${dim(String(time ?? ''))} ${colour(String(level ?? '').padEnd(5))} ${String(msg ?? '')} ${dim(more.join(' '))}`,
  ).trimEnd();
}
