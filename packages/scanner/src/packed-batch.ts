import type { ImportedName, ImportStatement, SymbolRecord } from '@codepakt/contract';
import { IMPORT_KINDS, SYMBOL_KINDS } from '@codepakt/contract/light';
import type { ParsedFile } from './parse-file.ts';
import type { TaskOutcome } from './worker-protocol.ts';

/**
 * What came of some tasks, as one thread hands it to another: thousands of symbols as objects, or as
 * JSON, would take longer to send than to find. Numbers lie in one list and texts in one string, each
 * text with its length in the list.
 */
export interface PackedBatch {
  numbers: Int32Array<ArrayBuffer>;
  text: string;
}

/** In the place of a text's length. */
const NULL = -1;

/** So many records travel together. */
const RECORDS_A_BATCH = 3_000;

/** Packs what came of tasks as it comes: thousands of objects kept for later are a burden to V8. */
export class Packer {
  #numbers: number[] = [];
  #text = '';
  #records = 0;

  get isFull(): boolean {
    return this.#records >= RECORDS_A_BATCH;
  }

  add(outcome: TaskOutcome): void {
    packOutcome(this, outcome);
    this.#records +=
      'parsed' in outcome ? outcome.parsed.symbols.length + outcome.parsed.imports.length : 1;
  }

  /** All that was added since the last call. */
  take(): PackedBatch {
    const batch = { numbers: new Int32Array(this.#numbers), text: this.#text };
    this.#numbers = [];
    this.#text = '';
    this.#records = 0;
    return batch;
  }

  number(value: number): void {
    this.#numbers.push(value);
  }

  text(value: string | null): void {
    this.#numbers.push(value === null ? NULL : value.length);
    if (value !== null) this.#text += value;
  }
}

export function unpackBatch(batch: PackedBatch, take: (outcome: TaskOutcome) => void): void {
  const unpacker = new Unpacker(batch);
  while (!unpacker.isAtEnd) take(unpackOutcome(unpacker));
}

function packOutcome(packer: Packer, outcome: TaskOutcome): void {
  if (!('parsed' in outcome)) {
    packer.text(JSON.stringify(outcome));
    return;
  }
  const { symbols, imports, ...file } = outcome.parsed;
  // What there is once a file may be JSON.
  packer.text(JSON.stringify({ parsed: file }));
  packer.number(symbols.length);
  for (const symbol of symbols) packSymbol(packer, symbol);
  packer.number(imports.length);
  for (const statement of imports) packImport(packer, statement);
}

function unpackOutcome(unpacker: Unpacker): TaskOutcome {
  const outcome = JSON.parse(unpacker.text()) as TaskOutcome;
  if (!('parsed' in outcome)) return outcome;
  const file: Omit<ParsedFile, 'symbols' | 'imports'> = outcome.parsed;
  const symbols = Array.from({ length: unpacker.number() }, () => unpackSymbol(unpacker));
  const imports = Array.from({ length: unpacker.number() }, () => unpackImport(unpacker));
  return { parsed: { ...file, symbols, imports } };
}

function packSymbol(packer: Packer, symbol: SymbolRecord): void {
  packer.text(symbol.name);
  packer.number(SYMBOL_KINDS.indexOf(symbol.kind));
  packer.text(symbol.parent);
  packer.number(symbol.line);
  packer.number(symbol.column);
  packer.number(symbol.start_line);
  packer.number(symbol.end_line);
  packer.number(symbol.exported ? 1 : 0);
  packer.text(symbol.signature);
  packer.text(symbol.doc);
  packer.text(isEmpty(symbol.metadata) ? null : JSON.stringify(symbol.metadata));
}

function unpackSymbol(unpacker: Unpacker): SymbolRecord {
  return {
    name: unpacker.text(),
    kind: SYMBOL_KINDS[unpacker.number()] as SymbolRecord['kind'],
    parent: unpacker.textOrNull(),
    line: unpacker.number(),
    column: unpacker.number(),
    start_line: unpacker.number(),
    end_line: unpacker.number(),
    exported: unpacker.number() === 1,
    signature: unpacker.text(),
    doc: unpacker.textOrNull(),
    metadata: JSON.parse(unpacker.textOrNull() ?? '{}') as SymbolRecord['metadata'],
  };
}

function packImport(packer: Packer, { specifier, kind, line, names }: ImportStatement): void {
  packer.text(specifier);
  packer.number(IMPORT_KINDS.indexOf(kind));
  packer.number(line);
  packer.number(names.length);
  for (const { name, alias } of names) {
    packer.text(name);
    packer.text(alias);
  }
}

function unpackImport(unpacker: Unpacker): ImportStatement {
  return {
    specifier: unpacker.text(),
    kind: IMPORT_KINDS[unpacker.number()] as ImportStatement['kind'],
    line: unpacker.number(),
    names: Array.from({ length: unpacker.number() }, () => unpackName(unpacker)),
  };
}

function unpackName(unpacker: Unpacker): ImportedName {
  return { name: unpacker.text(), alias: unpacker.textOrNull() };
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** Reads in the order in which it was packed. */
class Unpacker {
  readonly #batch: PackedBatch;
  #number = 0;
  #text = 0;

  constructor(batch: PackedBatch) {
    this.#batch = batch;
  }

  get isAtEnd(): boolean {
    return this.#number >= this.#batch.numbers.length;
  }

  number(): number {
    return this.#batch.numbers[this.#number++] ?? 0;
  }

  text(): string {
    return this.textOrNull() ?? '';
  }

  textOrNull(): string | null {
    const length = this.number();
    if (length === NULL) return null;
    const start = this.#text;
    this.#text += length;
    return this.#batch.text.slice(start, this.#text);
  }
}
