import { readFileSync } from 'node:fs';

export interface DocProgram {
  /** The page and the section that it stands in. */
  title: string;
  /** Where it is run; those of one page follow each other in one folder. */
  folder: string;
  code: string;
  /** The lines that it prints, by its comments `// → …`. */
  prints: string[];
}

/** Each page with programs, and the folder for them. */
const PAGES = {
  'docs/libraries.md': 'press',
  'README.md': 'readme',
  'packages/api-client/README.md': 'api-client',
  'packages/contract/README.md': 'contract',
  'packages/core/README.md': 'core',
  'packages/scanner/README.md': 'scanner',
};

/** What the programs of a folder find there. */
export const FOUND_THERE: Record<string, Record<string, string>> = {
  press: {
    // The programs are no part of the code that they read.
    '.codepaktignore': 'program-*\n',
    'src/stock.ts': 'export interface Book { title: string; copies: number }\n',
    'src/shop.ts': `import type { Book } from './stock.ts';
export function sell(book: Book): void { book.copies -= 1; }
`,
  },
  scanner: { '.codepaktignore': '*\n' },
};

/** The programs for libraries in the documentation, in their order. */
export function libraryPrograms(): DocProgram[] {
  return Object.entries(PAGES).flatMap(([page, folder]) => {
    const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
    return text.split(/^## /m).flatMap((section) =>
      [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => ({
        title: `${page}, ${section.split('\n', 1)[0]}`,
        folder,
        code,
        prints: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line),
      })),
    );
  });
}
