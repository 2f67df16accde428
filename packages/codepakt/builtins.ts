import type { Plugin } from 'rolldown';

/**
 * Takes Node's own modules as they are, where an import statement would first make a module of each
 * that lists all its exports: for `node:fs` that loads `node:fs/promises`, 3 ms of every call.
 */
export const builtinsAsValues: Plugin = {
  name: 'builtins-as-values',
  renderChunk: (code) =>
    code.replace(STATEMENT, (_, names: string | undefined, whole: string, module: string) => {
      const taken = names === undefined ? whole : names.replace(/ as /g, ': ');
      return `const ${taken} = process.getBuiltinModule(${module});`;
    }),
};

/** `import { a, b as c } from "node:fs";`, `import fs from "node:fs";`, `import * as fs from "node:fs";` */
const STATEMENT = /^import (?:(\{[^}]*\})|(?:\* as )?([\w$]+)) from ("node:[\w/]+");$/gm;
