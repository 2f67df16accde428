import type { InputError, TaskInput } from '@codepakt/contract';
import { CodepaktError, LIMITS } from '@codepakt/contract/light';
import { readInput } from './read-input.ts';

export interface Batch {
  tasks: TaskInput[];
  /** The error in the words of the file, where it is about one of its tasks. */
  explain(error: unknown): unknown;
}

/**
 * The tasks of a file: a JSON array, or JSON lines. Their fields are checked by the server.
 * @throws CodepaktError `invalid_input` naming the line that is wrong; `file_not_found`, `too_large`
 */
export async function readBatch(file: string, cwd: string): Promise<Batch> {
  const name = file === '-' ? 'stdin' : file;
  const text = (await readInput(file, cwd, LIMITS.batch_bytes)).replace(/^\uFEFF/, '');
  const { values, places } = text.trimStart().startsWith('[')
    ? readArray(name, text)
    : readLines(name, text);
  const tasks = check(name, values, places);
  return { tasks, explain: (error) => explain(error, { name, tasks, places }) };
}

interface Entries {
  values: unknown[];
  /** Where each stands: `line 3`, or `task 3` of an array. */
  places: string[];
}

function readArray(name: string, text: string): Entries {
  try {
    const values = JSON.parse(text) as unknown[];
    return { values, places: values.map((_, index) => `task ${index + 1}`) };
  } catch (cause) {
    const { message } = cause as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    const end = position === undefined ? text.trimEnd().length : Number(position);
    const line = text.slice(0, end).split('\n').length;
    throw bad(`${name}: line ${line} is not JSON: ${withoutPlace(message)}`, cause);
  }
}

function readLines(name: string, text: string): Entries {
  const entries: Entries = { values: [], places: [] };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    try {
      entries.values.push(JSON.parse(line));
    } catch (cause) {
      const why = withoutPlace((cause as Error).message);
      throw bad(`${name}: line ${index + 1} is not JSON: ${why}`, cause);
    }
    entries.places.push(`line ${index + 1}`);
  }
  return entries;
}

function check(name: string, values: unknown[], places: string[]): TaskInput[] {
  const wrong = values.findIndex(
    (value) => typeof value !== 'object' || value === null || Array.isArray(value),
  );
  if (wrong >= 0) throw bad(`${name}: ${places[wrong]} is not a task, which is a JSON object`);
  if (values.length === 0) throw bad(`${name} holds no tasks`);
  if (values.length > LIMITS.batch) {
    const [count, limit] = [values.length, LIMITS.batch].map((n) => n.toLocaleString('en-US'));
    throw bad(`${name} holds ${count} tasks; the limit is ${limit}`);
  }
  return values as TaskInput[];
}

interface Sent {
  name: string;
  tasks: TaskInput[];
  places: string[];
}

/** `/tasks/2/title` is the third task, wherever that stands in the file. */
function explain(error: unknown, { name, tasks, places }: Sent): unknown {
  if (!(error instanceof CodepaktError)) return error;
  if (error.errors === undefined) {
    const place = places[indexOfDependency(error, tasks)];
    return place === undefined ? error : at(`${name}: ${place}`, error);
  }
  const errors = error.errors.map(({ path, message }): InputError => {
    const [, index, field = ''] = /^\/tasks\/(\d+)(?:\/(.*))?$/.exec(path) ?? [];
    const place = index === undefined ? undefined : places[Number(index)];
    if (place === undefined) return { path, message };
    return { path: `${name}: ${place}`, message: `${field} ${message}`.trim() };
  });
  const [first] = errors;
  if (first === undefined) return error;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new CodepaktError(error.code, `${first.path}: ${first.message}${more}`, {
    hint: 'Nothing was added.',
    errors,
    cause: error,
  });
}

/** The task whose dependencies were refused, which the error knows by names alone; -1 of other errors. */
function indexOfDependency({ details }: CodepaktError, tasks: TaskInput[]): number {
  if (typeof details?.depends_on === 'string') {
    const unknown = details.depends_on;
    return tasks.findIndex(({ depends_on = [] }) => depends_on.includes(unknown));
  }
  const [first] = Array.isArray(details?.circle) ? details.circle : [];
  return first === undefined ? -1 : tasks.findIndex(({ key }) => key === first);
}

function at(place: string, cause: CodepaktError): CodepaktError {
  const { code, message, hint = '', details } = cause;
  return new CodepaktError(code, `${place}: ${message}`, {
    hint: `Nothing was added. ${hint}`.trim(),
    details,
    cause,
  });
}

/** The position means something in the file only as a line, which is said before. */
function withoutPlace(message: string): string {
  return message.replace(/ in JSON at position.*$|, "[\s\S]*" is not valid JSON$/, '');
}

function bad(message: string, cause?: unknown): CodepaktError {
  return new CodepaktError('invalid_input', message, { hint: 'Nothing was added.', cause });
}
