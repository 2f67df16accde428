import { readFileSync } from 'node:fs';

export interface DocProgram {
  /** Of the section it stands in. */
  title: string;
  code: string;
  /** The lines that it prints, by its comments `// → …`. */
  prints: string[];
}

/** The programs of docs/libraries.md, in their order. */
export function libraryPrograms(): DocProgram[] {
  const text = readFileSync(new URL('../docs/libraries.md', import.meta.url), 'utf8');
  return text.split(/^## /m).flatMap((section) =>
    [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => ({
      title: section.split('\n', 1)[0] ?? '',
      code,
      prints: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line),
    })),
  );
}

/** The code that the programs of the scanner are run on. */
export const SHOP_CODE = {
  'src/stock.ts': `export interface Book { title: string; copies: number }\n`,
  'src/shop.ts': `import type { Book } from './stock.ts';\nexport function sell(book: Book): void { book.copies -= 1; }\n`,
};
