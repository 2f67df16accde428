import stripJsonComments from 'strip-json-comments';
import type { ProjectTree } from './import-resolver.ts';

/** A JSON object of the project, comments and trailing commas allowed; null when it can't be read as one. */
export function readJson(tree: ProjectTree, path: string): Record<string, unknown> | null {
  const text = tree.readText(path);
  if (text === null) return null;
  // Most have no comments, and looking for them takes longer than reading the rest.
  const value = parse(text) ?? parse(stripJsonComments(text, { trailingCommas: true }));
  return isObject(value) ? value : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A broken configuration says nothing; the files around it are still worth resolving.
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one. */
export function toObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** The strings in a value that may be one string or a list. */
export function toStrings(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((entry) => typeof entry === 'string');
}
