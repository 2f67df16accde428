import type { SymbolKind, SymbolMetadata } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { oneLine } from './declaration-text.ts';

/** `app.route` of `app.route('/')`. */
export function decoratorName(text: string, decorator: Node): string {
  dotted.lastIndex = decorator.startIndex;
  const [, name] = dotted.exec(text) ?? [];
  return name ?? oneLine(text.slice(decorator.startIndex + 1, decorator.endIndex), 40);
}

const dotted = /@\s*([\w.\u0080-\uffff]+)/y;

/** Notes in `metadata` what the decorators say of a function, and answers what kind that makes it. */
export function readDecorators(
  decorators: string[],
  isMember: boolean,
  metadata: SymbolMetadata,
): SymbolKind {
  if (decorators.length > 0) metadata.decorators = decorators;
  let kind: SymbolKind = isMember ? 'method' : 'function';
  for (const decorator of decorators) {
    const [last = ''] = /[^.]*$/.exec(decorator) ?? [];
    if (last === 'overload') metadata.overload = true;
    if (!isMember) continue;
    if (last.startsWith('abstract')) metadata.abstract = true;
    if (/^(?:abstract)?staticmethod$/.test(last)) metadata.static = true;
    if (/^(?:abstract)?classmethod$/.test(last)) metadata.classmethod = true;
    const accessor = accessorOf(last, decorator);
    if (!accessor) continue;
    kind = 'property';
    metadata.accessor = accessor;
  }
  return kind;
}

/** `@property`, `@cached_property` and their like get; `@name.setter` sets. */
function accessorOf(last: string, decorator: string): string | null {
  if (/(?:^|_)(?:abstract)?property$/.test(last)) return 'get';
  const [, accessor = null] = /^[^.\s]+\.(getter|setter|deleter)$/.exec(decorator) ?? [];
  return accessor?.replace(/ter$/, '').replace('dele', 'delete') ?? null;
}
