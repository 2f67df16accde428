import {
  BOARD_FORMAT,
  type BoardEndLine,
  type BoardLine,
  boardLines,
  CodepaktError,
  type ErrorCode,
  HIGHEST_NUMBER,
  type ImportResult,
  type InputError,
  inputErrors,
  LIMITS,
  validatorOf,
} from '@codepakt/contract';
import { docId, numberOf, taskId } from '../ids.ts';

type Kind = BoardLine['kind'];
const KINDS = Object.keys(boardLines) as Kind[];

export interface NumberedLine {
  /** Counted from one. */
  number: number;
  line: BoardLine;
}

/**
 * The lines of an exported board, each checked by itself and against those before it.
 * @throws CodepaktError `malformed_body`, `invalid_input`, `too_large`, each naming the line
 */
export function* readBoardLines(lines: Iterable<string>): Generator<NumberedLine> {
  const counts: ImportResult = { agents: 0, tasks: 0, notes: 0, docs: 0, events: 0 };
  let number = 0;
  let last_doc = 0;
  let last: { kind: Kind; id: number } | undefined;
  for (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    const line = parseLine(number, text);
    refuseWrongPlace(number, line.kind, last?.kind);
    const id = idOf(number, line);
    if (last?.kind === line.kind && id !== 0 && id <= last.id) {
      throw lineError(number, 'its id is not higher than that of the line before');
    }
    if (line.kind === 'board') last_doc = line.last_doc;
    if (line.kind === 'doc' && id > last_doc) {
      throw lineError(number, `is higher than the board's last_doc, ${last_doc}`, { path: '/id' });
    }
    if (line.kind === 'end') refuseWrongCounts(number, line, counts);
    else if (line.kind !== 'board') counts[`${line.kind}s`]++;
    last = { kind: line.kind, id };
    yield { number, line };
  }
  if (last === undefined) {
    throw new CodepaktError('invalid_input', 'what is to be imported is empty', {
      hint: '`cpk board export FILE` writes a board to a file.',
    });
  }
  if (last.kind !== 'end')
    throw lineError(number, 'the board ends here without an end line: it was cut off');
}

/** What is wrong with a line, in one sentence that names it. */
export function lineError(
  number: number,
  message: string,
  {
    code = 'invalid_input',
    path = '',
    cause,
  }: { code?: ErrorCode; path?: string; cause?: unknown } = {},
): CodepaktError {
  const errors = [{ path: `/${number}${path}`, message }];
  const field = path === '' ? '' : `${path.slice(1)} `;
  return new CodepaktError(code, `line ${number}: ${field}${message}`, {
    hint: 'Nothing was imported.',
    errors,
    cause,
  });
}

function parseLine(number: number, text: string): BoardLine {
  if (text.length > LIMITS.line_bytes) {
    throw lineError(number, `is longer than ${LIMITS.line_bytes} bytes`, { code: 'too_large' });
  }
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw lineError(number, 'is not JSON', { code: 'malformed_body', cause });
  }
  const kind = kindOf(line);
  if (kind === undefined) {
    throw lineError(number, `must be one of ${KINDS.join(', ')}`, { path: '/kind' });
  }
  refuseOtherFormat(number, line);
  const [error] = [...inputErrors(validatorOf(boardLines[kind]), line), ...unstorable(line)];
  if (error !== undefined) throw lineError(number, error.message, { path: error.path });
  return line as BoardLine;
}

function kindOf(line: unknown): Kind | undefined {
  if (typeof line !== 'object' || line === null || !('kind' in line)) return undefined;
  return KINDS.find((kind) => kind === line.kind);
}

function refuseOtherFormat(number: number, line: unknown): void {
  const { kind, format } = line as { kind: Kind; format?: unknown };
  if (kind !== 'board' || format === BOARD_FORMAT) return;
  throw lineError(number, `is ${JSON.stringify(format)}; this codepakt reads ${BOARD_FORMAT}`, {
    path: '/format',
  });
}

/** Columns hold text as it is; lists and objects are stored as JSON, which can write anything. */
function unstorable(line: unknown): InputError[] {
  return Object.entries(line as object)
    .filter(
      ([, value]) => typeof value === 'string' && !(value.isWellFormed() && !value.includes('\0')),
    )
    .map(([field]) => ({
      path: `/${field}`,
      message: 'has a NUL or half of a surrogate pair in it',
    }));
}

function refuseWrongPlace(number: number, kind: Kind, before: Kind | undefined): void {
  const isOnce = kind === 'board' || kind === 'end';
  const isInOrder =
    before === undefined
      ? kind === 'board'
      : KINDS.indexOf(kind) >= KINDS.indexOf(before) && !(isOnce && kind === before);
  if (before !== 'end' && isInOrder) return;
  const after =
    before === undefined ? 'the first line is the board itself' : `it comes after ${before}`;
  throw lineError(number, `${kind} is out of place: ${after}`);
}

/** The number of a task, note, doc or event; 0 where there is none. */
function idOf(number: number, line: BoardLine): number {
  switch (line.kind) {
    case 'task':
      return canonical(number, line.id, 'T', taskId);
    case 'doc':
      return canonical(number, line.id, 'D', docId);
    case 'event':
      if (line.task_id !== null) canonical(number, line.task_id, 'T', taskId, '/task_id');
      if (line.doc_id !== null) canonical(number, line.doc_id, 'D', docId, '/doc_id');
      return line.id;
    case 'note':
      return line.id;
    default:
      return 0;
  }
}

function canonical(
  number: number,
  id: string,
  prefix: 'T' | 'D',
  write: (n: number) => string,
  path = '/id',
): number {
  const value = numberOf(prefix, id);
  const isNumber = value !== undefined && value > 0 && value <= HIGHEST_NUMBER;
  if (isNumber && write(value) === id) return value;
  throw lineError(number, `is not written like ${write(1)}`, { path });
}

function refuseWrongCounts(number: number, end: BoardEndLine, counts: ImportResult): void {
  for (const [what, count] of Object.entries(counts)) {
    const told = end[what as keyof ImportResult];
    if (told !== count) {
      throw lineError(
        number,
        `there were ${count} ${what} before, but the end line tells of ${told}`,
      );
    }
  }
}
