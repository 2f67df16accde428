import type { LegacyRow } from './read-legacy-board.ts';

/** A text of an old row, or null. SQLite's functions stop at a NUL, so that becomes a visible mark. */
export function textOf(row: LegacyRow, column: string): string | null {
  const value = row[column];
  if (value === null || value === undefined) return null;
  return String(value).replaceAll('\0', '\ufffd');
}

/** As `textOf`, but an empty text says nothing either. */
export function nameOf(row: LegacyRow, column: string): string | null {
  const text = textOf(row, column);
  return text === null || text.trim() === '' ? null : text;
}

/**
 * A list out of its JSON text. Version 0.2 checked no update, so anything may stand there: what is
 * no list becomes one of a single entry, and what is no text becomes its JSON.
 */
export function listOf(row: LegacyRow, column: string): string[] {
  const text = textOf(row, column);
  if (text === null || text.trim() === '') return [];
  const parsed = parse(text);
  if (parsed === undefined) return [text];
  if (parsed === null) return [];
  const entries: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return entries.map((entry) =>
    storable(typeof entry === 'string' ? entry : JSON.stringify(entry)),
  );
}

/** An object out of its JSON text; anything else is kept under `legacy_detail`. */
export function objectOf(row: LegacyRow, column: string): Record<string, unknown> {
  const text = textOf(row, column);
  if (text === null || text === '') return {};
  const parsed = parse(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  return parsed === null ? {} : { legacy_detail: parsed ?? text };
}

/** `2026-03-22 17:03:55`, UTC without saying so, as ISO 8601; null when it is no time. */
export function timeOf(row: LegacyRow, column: string): string | null {
  const text = textOf(row, column);
  if (text === null) return null;
  const isBare = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$/.test(text);
  const time = new Date(isBare ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not JSON: the callers keep the text itself
  }
}

function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}
