import type { Span } from './extractor.ts';
import { TokenReader } from './typescript-tokens.ts';

/** What the last tokens of a level mean for a brace that comes now. */
const Mode = {
  plain: 0,
  /** After `class`: the brace begins its body. */
  classHead: 1,
  /** After `function`: parameters are still to come. */
  functionHead: 2,
  /** In the parentheses of parameters. */
  parameters: 3,
  /** Right after them: the brace begins a body. */
  signature: 4,
  /** In the type after them: behind a whole type, the brace begins a body. */
  result: 5,
} as const;

/** What stands between two brackets, or in the file as a whole. */
interface Level {
  /** The bracket that ends it. */
  end: string;
  isClass: boolean;
  mode: (typeof Mode)[keyof typeof Mode];
  /** How many `<` of a function's type parameters are open. */
  angles: number;
}

/**
 * What stands between the braces of functions and methods, outermost ones only, without JSX. No symbol
 * of a file is declared there, so the parser need not look at it, and that is most of what there is.
 *
 * This reads tokens and knows no grammar, so a body is told only where it is certain: after `=>`, and
 * after the parameters of a `function` or a member of a class and the type of what it returns. Undefined
 * when brackets do not match, or a slash could mean two things. Bodies that may import are left out.
 */
export function findBodies(text: string): Span[] | undefined {
  const bodies: Span[] = [];
  const reader = new TokenReader(text);
  const outer: Level[] = [];
  let level = newLevel('');
  while (reader.next()) {
    const { token } = reader;
    switch (token) {
      case '{':
        if (beginsBody(level, reader)) {
          const start = reader.at;
          if (!reader.skipBlock()) return undefined;
          const body = { start, end: reader.at - 1 };
          if (isWorthwhile(text, body)) bodies.push(body);
          if (level.mode >= Mode.signature) level.mode = Mode.plain;
          continue;
        }
        outer.push(level);
        level = newLevel('}', takeClassBody(level, reader));
        break;
      case '(':
        takeParameters(level, reader);
        outer.push(level);
        level = newLevel(')');
        break;
      case '[':
        outer.push(level);
        level = newLevel(']');
        break;
      case ')':
      case ']':
      case '}': {
        const around = outer.pop();
        if (around === undefined || level.end !== token) return undefined;
        level = around;
        if (level.mode === Mode.parameters && token === ')') level.mode = Mode.signature;
        break;
      }
      default:
        readOther(level, reader);
    }
  }
  return reader.isInDoubt || outer.length > 0 ? undefined : bodies;
}

/** Fewer units are parsed as soon as passed over. */
const MIN_BODY = 20;
/** What may be an import, wherever it stands. */
const CALL = /\b(?:import|require)[\s(.]/;

function isWorthwhile(text: string, { start, end }: Span): boolean {
  return end - start >= MIN_BODY && !CALL.test(text.slice(start, end));
}

function newLevel(end: string, isClass = false): Level {
  return { end, isClass, mode: Mode.plain, angles: 0 };
}

function beginsBody({ mode }: Level, { before, endsType }: TokenReader): boolean {
  if (before === '=>') return true;
  return mode === Mode.signature || (mode === Mode.result && endsType);
}

/** Whether the brace begins the body of the class whose head was read. */
function takeClassBody(level: Level, { before, endsType }: TokenReader): boolean {
  if (level.mode !== Mode.classHead || !(endsType || before === 'class')) return false;
  level.mode = Mode.plain;
  return true;
}

function takeParameters(level: Level, { endsType }: TokenReader): void {
  const { mode } = level;
  if (mode === Mode.classHead || (mode === Mode.result && !endsType)) return;
  if (mode === Mode.functionHead) {
    if (level.angles === 0) level.mode = Mode.parameters;
    return;
  }
  level.mode = level.isClass ? Mode.parameters : Mode.plain;
}

function readOther(level: Level, reader: TokenReader): void {
  const { token, before } = reader;
  if (token === 'class' && before !== '.') level.mode = Mode.classHead;
  else if (token === 'function' && before !== '.') {
    level.mode = Mode.functionHead;
    level.angles = 0;
  } else if (token === ';') level.mode = Mode.plain;
  else readIn(level, reader);
}

function readIn(level: Level, { token, before, endsType, isWord, isValue }: TokenReader): void {
  switch (level.mode) {
    case Mode.classHead:
      // It was the name of a property.
      if (before === 'class' && !isWord && token !== '<') level.mode = Mode.plain;
      break;
    case Mode.functionHead:
      if (token === '<') level.angles++;
      else if (token === '>') level.angles--;
      break;
    case Mode.signature:
      level.mode = token === ':' ? Mode.result : Mode.plain;
      break;
    case Mode.result: {
      // Without a semicolon, a signature ends where something follows a type that no type goes on with.
      const isNext = (isWord && token !== 'is' && token !== 'extends') || isValue || token === ':';
      if (token === '=' || (endsType && isNext)) level.mode = Mode.plain;
      break;
    }
  }
}
