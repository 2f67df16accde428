import type { Event } from '@codepakt/contract';
import { terse } from './terse.ts';

/** A whole document may stand in an event; who reads the log asks what happened. */
const MAX_TEXT = 300;

/** What a log tells of an event: all of it, but of long texts only how they begin. */
export function eventForm(event: Event): unknown {
  return terse({ ...event, detail: shortened(event.detail) });
}

function shortened(value: unknown): unknown {
  if (typeof value === 'string') return begin(value);
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shortened(field)]));
}

function begin(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  // Not the first half of a sign that takes two units.
  const beginning = text.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '');
  return `${beginning}… (${text.length} characters; --full)`;
}
