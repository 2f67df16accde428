/** Words after which a type, or a value, is still to come. */
const OPERATORS = new Set([
  'is',
  'asserts',
  'keyof',
  'typeof',
  'readonly',
  'extends',
  'implements',
  'infer',
  'unique',
  'new',
  'abstract',
]);

/** Words after which a slash begins a regular expression. */
const BEFORE_VALUE = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'instanceof',
  'yield',
  'await',
]);

/** Deeper than this templates in templates are nothing that anyone writes. */
const TEMPLATE_DEPTH = 50;

/**
 * Reads TypeScript token by token, without JSX, and knows a regular expression from a division by what
 * stands before it. Where that leaves a doubt it stops.
 */
export class TokenReader {
  /** A bracket or sign, a whole word, or empty for a string, a template, a number or a regular expression. */
  token = '';
  /** The token before it. */
  before = '';
  isWord = false;
  /** Whether the token is a literal. */
  isValue = false;
  /** Whether the token before it may end a type. */
  endsType = false;
  /** Where the next token is looked for. */
  at = 0;
  isInDoubt = false;
  #isAfterWord = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('#!')) this.at = lineEnd(text, 0);
  }

  /** Goes to the next token; false at the end of the text, and where there is a doubt. */
  next(): boolean {
    this.before = this.token;
    this.#isAfterWord = this.isWord;
    this.endsType = this.isWord
      ? !OPERATORS.has(this.token)
      : this.isValue || /^[>)\]}]$/.test(this.token);
    if (!this.#skipBlank() || this.at >= this.#text.length) return false;
    const text = this.#text;
    const start = this.at;
    const unit = text.charCodeAt(start);
    this.isWord = isWordUnit(unit) || unit === HASH;
    this.isValue = false;
    if (this.isWord) {
      let end = start + 1;
      while (isWordUnit(text.charCodeAt(end))) end++;
      this.at = end;
      if (unit >= DIGIT_0 && unit <= DIGIT_9) return this.#takeNumber();
      this.token = text.slice(start, end);
      return true;
    }
    if (unit === QUOTE || unit === DOUBLE_QUOTE || unit === BACKTICK || unit === SLASH) {
      return this.#takeLiteral(unit);
    }
    const isArrow = unit === EQUALS && text.charCodeAt(start + 1) === GREATER;
    this.at = start + (isArrow ? 2 : 1);
    this.token = isArrow ? '=>' : (text[start] ?? '');
    return true;
  }

  /** From behind a brace to behind the one that ends it; false where there is a doubt, or no end. */
  skipBlock(depth = 0): boolean {
    const text = this.#text;
    let open = 1;
    while (open > 0) {
      STOP.lastIndex = this.at;
      if (depth > TEMPLATE_DEPTH || !STOP.test(text)) return this.#doubt();
      const stop = STOP.lastIndex - 1;
      const unit = text.charCodeAt(stop);
      this.at = stop + 1;
      if (unit === OPEN_BRACE) open++;
      else if (unit === CLOSE_BRACE) open--;
      else if (unit !== SLASH) {
        this.at = stop;
        if (!this.#skipString(unit, depth)) return false;
      } else if (!this.#skipComment(stop)) {
        const isRegex = beginsRegex(text, stop);
        if (isRegex === undefined) return this.#doubt();
        this.at = stop;
        if (isRegex ? !this.#skipBy(REGEX) : !this.#skipBy(DIVISION)) return false;
      }
    }
    this.isWord = this.isValue = false;
    this.token = '}';
    return true;
  }

  #skipBlank(): boolean {
    const text = this.#text;
    for (;;) {
      const unit = text.charCodeAt(this.at);
      if (unit <= SPACE || unit === NO_BREAK_SPACE) this.at++;
      else if (unit !== SLASH || !this.#skipComment(this.at)) return !this.isInDoubt;
    }
  }

  #skipComment(at: number): boolean {
    const text = this.#text;
    const second = text.charCodeAt(at + 1);
    if (second === SLASH) this.at = lineEnd(text, at);
    else if (second === STAR) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return this.#doubt();
      this.at = end + 2;
    } else return false;
    return true;
  }

  #takeNumber(): boolean {
    return this.#value(this.#skipBy(REST_OF_NUMBER));
  }

  #takeLiteral(unit: number): boolean {
    if (unit !== SLASH) return this.#value(this.#skipString(unit, 0));
    const { before } = this;
    // After a block, or an object: who knows.
    if (before === '}') return this.#doubt();
    const isDivision = this.#isAfterWord
      ? !BEFORE_VALUE.has(before)
      : this.endsType && before !== '>';
    if (!isDivision) return this.#value(this.#skipBy(REGEX));
    this.at++;
    this.token = '/';
    return true;
  }

  #value(isWhole: boolean): boolean {
    this.token = '';
    this.isWord = false;
    this.isValue = true;
    return isWhole;
  }

  /** From its first quote to behind its last one. */
  #skipString(quote: number, depth: number): boolean {
    if (quote === QUOTE) return this.#skipBy(SINGLE);
    if (quote === DOUBLE_QUOTE) return this.#skipBy(DOUBLE);
    this.at++;
    while (this.#skipBy(TEMPLATE_PART)) {
      if (this.#text.charCodeAt(this.at - 1) === BACKTICK) return true;
      if (!this.skipBlock(depth + 1)) return false;
    }
    return false;
  }

  #skipBy(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.#text)) return this.#doubt();
    this.at = pattern.lastIndex;
    return true;
  }

  #doubt(): false {
    this.isInDoubt = true;
    return false;
  }
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= SMALL_A && unit <= SMALL_Z) ||
    (unit >= CAPITAL_A && unit <= CAPITAL_Z) ||
    (unit >= DIGIT_0 && unit <= DIGIT_9) ||
    unit === UNDERSCORE ||
    unit === DOLLAR ||
    unit === BACKSLASH ||
    (unit > 127 && unit !== NO_BREAK_SPACE)
  );
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Whether a slash in a block that is not read token by token begins a regular expression; undefined in doubt. */
function beginsRegex(text: string, slash: number): boolean | undefined {
  let at = slash - 1;
  while (text.charCodeAt(at) <= SPACE) {
    // What stands at the end of the line before may be a comment.
    if (text.charCodeAt(at) === LINE_FEED) {
      const line = text.lastIndexOf('\n', at - 1) + 1;
      if (text.slice(line, at).includes('//')) return undefined;
    }
    at--;
  }
  const before = text[at] ?? '';
  if (before === '}' || before === '/') return undefined;
  if (/[)\]'"`]/.test(before)) return false;
  if (!isWordUnit(text.charCodeAt(at))) return true;
  let start = at;
  while (isWordUnit(text.charCodeAt(start - 1))) start--;
  return BEFORE_VALUE.has(text.slice(start, at + 1));
}

/** What may begin or end something in a block. */
const STOP = /[{}'"`/]/g;
const SINGLE = /'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'/y;
const DOUBLE = /"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"/y;
const TEMPLATE_PART = /[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*(?:`|\$\{)/y;
const REGEX = /\/(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
const DIVISION = /\//y;
const REST_OF_NUMBER = /(?:\.\w*)?(?:(?<=[eE])[+-]\d+)?/y;

const LINE_FEED = 10;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const DOLLAR = 36;
const QUOTE = 39;
const STAR = 42;
const SLASH = 47;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const EQUALS = 61;
const GREATER = 62;
const CAPITAL_A = 65;
const CAPITAL_Z = 90;
const BACKSLASH = 92;
const UNDERSCORE = 95;
const BACKTICK = 96;
const SMALL_A = 97;
const SMALL_Z = 122;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const NO_BREAK_SPACE = 160;
