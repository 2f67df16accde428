import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Consumer } from './consumer.ts';
import { libraryPrograms } from './doc-programs.ts';
import { ENTRIES } from './trial.ts';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));

const COMPILERS = { 'TypeScript 7': 'typescript', 'TypeScript 5.9': 'typescript-5' };

/** How somebody compiles. */
export interface Setup {
  compiler: keyof typeof COMPILERS;
  module: 'nodenext' | 'esnext';
  moduleResolution: 'nodenext' | 'bundler';
  types: readonly [] | readonly ['node'];
}

export const SETUPS: readonly Setup[] = (['TypeScript 7', 'TypeScript 5.9'] as const).flatMap(
  (compiler) =>
    ([[], ['node']] as const).flatMap((types) => [
      { compiler, module: 'nodenext', moduleResolution: 'nodenext', types },
      { compiler, module: 'esnext', moduleResolution: 'bundler', types },
    ]),
);

/**
 * Compiles the programs of the documentation, and an import of everything there is, as strictly as
 * somebody might: the types of our packages and of all that they need are checked too.
 */
export async function tryTypes(consumer: Consumer, setups: readonly Setup[]): Promise<string[]> {
  const everything = ENTRIES.map((entry, at) => `export * as e${at} from '${entry}';\n`);
  consumer.write('types/everything.ts', everything.join(''));
  for (const [at, { code }] of libraryPrograms().entries()) {
    consumer.write(`types/programs/program-${at}.ts`, code);
  }
  const types = join(consumer.project, 'node_modules/@types');
  mkdirSync(types, { recursive: true });
  symlinkSync(realpathSync(join(modules, '@types/node')), join(types, 'node'));
  const faults: string[] = [];
  for (const { compiler, ...options } of setups) {
    // The programs name `process` and `console`, which come with @types/node alone.
    const include = options.types.length === 0 ? ['types/everything.ts'] : ['types/**/*.ts'];
    const compilerOptions = { ...STRICT, ...options };
    consumer.write('tsconfig.json', JSON.stringify({ compilerOptions, include }));
    const tsc = join(modules, COMPILERS[compiler], 'bin/tsc');
    const { status, output } = await consumer.sh(`node ${tsc} --project .`);
    if (status !== 0) faults.push(`${compiler}, ${JSON.stringify(options)}:\n${output}`);
  }
  return faults;
}

const STRICT = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'es2022',
};
