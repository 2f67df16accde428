import { fileURLToPath } from 'node:url';

/** The folder that holds `web-tree-sitter.wasm` and one folder per grammar, without a trailing slash. */
export const grammarsDir: string = fileURLToPath(new URL('..', import.meta.url)).replace(
  /[\\/]$/,
  '',
);
