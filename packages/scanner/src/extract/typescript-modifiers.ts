import type { SymbolMetadata } from '@codepakt/contract';

const FLAGS = new Set([
  'async',
  'static',
  'abstract',
  'readonly',
  'override',
  'declare',
  'default',
]);

/** The same few heads stand before most names. */
const known = new Map<string, SymbolMetadata>();
const MAX_KNOWN = 1_000;

/** What the words before a name say, such as `private static async *`; the answer is shared. */
export function readModifiers(head: string): SymbolMetadata {
  const before = known.get(head);
  if (before) return before;
  const metadata = parseModifiers(head);
  if (known.size < MAX_KNOWN) known.set(head, metadata);
  return metadata;
}

function parseModifiers(head: string): SymbolMetadata {
  const metadata: SymbolMetadata = {};
  const words = head.includes('/') ? head.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ') : head;
  for (const [word] of words.matchAll(/[a-z]+|\*/g)) {
    if (FLAGS.has(word)) metadata[word] = true;
    else if (word === '*') metadata.generator = true;
    else if (word === 'get' || word === 'set') metadata.accessor = word;
    else if (word === 'accessor') metadata.accessor = 'auto';
    else if (/^(?:public|private|protected)$/.test(word)) metadata.visibility = word;
  }
  if (/\bconst\s+enum\b/.test(words)) metadata.const = true;
  return metadata;
}

/** The names of the decorators in what stands before a declaration. */
export function readDecorators(text: string): string[] {
  return Array.from(text.matchAll(/(?:^|[\s)])@\s*([\w$.]+)/g), (match) => match[1] ?? '');
}
