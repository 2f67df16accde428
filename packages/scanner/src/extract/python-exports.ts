import type { Node } from 'web-tree-sitter';
import { tokensAt } from './tokens-at.ts';

/** What a module's `__all__` says, gathered statement by statement. */
export class ExportList {
  readonly #text: string;
  readonly #root: Node;
  readonly #names = new Set<string>();
  #isStated = false;
  #isComputed = false;
  #uses: number | undefined;

  constructor(text: string, root: Node) {
    this.#text = text;
    this.#root = root;
  }

  /** Reads `__all__ = …`, `__all__ += …`, `__all__.extend(…)` and the like; other statements say nothing. */
  read(statement: Node): void {
    if (!this.#text.startsWith('__all__', statement.startIndex)) return;
    const expression = statement.namedChild(0);
    if (expression?.type === 'call') this.#readCall(expression);
    else if (/assignment$/.test(expression?.type ?? '')) this.#readAssignment(expression);
  }

  /** Whether a name at the top of the module is exported. */
  has(name: string): boolean {
    if (this.#names.has(name)) return true;
    return this.#isComplete() ? false : !name.startsWith('_');
  }

  /** An empty list to which something is added out of sight says nothing of what is exported. */
  #isComplete(): boolean {
    if (this.#names.size > 0 || !this.#isStated) return this.#isStated;
    if (this.#isComputed) return false;
    this.#uses ??= this.#countUses();
    return this.#uses === 1;
  }

  #countUses(): number {
    const places = Array.from(this.#text.matchAll(/\b__all__\b/g), ({ index }) => index);
    return tokensAt(this.#root, places, ['identifier']).length;
  }

  #readAssignment(assignment: Node | null): void {
    if (assignment?.childForFieldName('left')?.type !== 'identifier') return;
    let right = assignment.childForFieldName('right');
    while (right?.type === 'assignment') right = right.childForFieldName('right');
    if (right) this.#add(right);
  }

  #readCall(call: Node): void {
    const callee = call.childForFieldName('function');
    const given = call.childForFieldName('arguments');
    if (callee?.type !== 'attribute' || !given) return;
    const method = callee.childForFieldName('attribute')?.text ?? '';
    if (method === 'remove') {
      for (const name of this.#stringsOf(given)) this.#names.delete(name);
    } else if (/^(?:append|extend|insert)$/.test(method)) {
      this.#add(given);
    }
  }

  #add(value: Node): void {
    this.#isStated = true;
    for (const name of this.#stringsOf(value)) this.#names.add(name);
  }

  #stringsOf(value: Node): string[] {
    const strings: string[] = [];
    const open = [value];
    for (let node = open.pop(); node; node = open.pop()) {
      const { type } = node;
      if (type === 'string') strings.push(contentOf(node.text));
      else if (isList.test(type)) for (const part of node.namedChildren) open.push(part);
      else if (type === 'call') {
        // list((…)), sorted([…]), tuple([…]); anything else computes.
        const given = node.childForFieldName('arguments');
        if (given) open.push(given);
        this.#isComputed = true;
      } else if (type !== 'comment') this.#isComputed = true;
    }
    return strings;
  }
}

const isList =
  /^(?:list|tuple|set|expression_list|binary_operator|parenthesized_expression|argument_list)$/;

function contentOf(string: string): string {
  return /^[rRuU]?(?:"""|'''|"|')(.*?)["']+$/s.exec(string)?.[1] ?? '';
}
