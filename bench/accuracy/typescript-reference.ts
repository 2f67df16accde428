import { join } from 'node:path';
import ts from 'typescript-5';
import type { Reference, TrueFile } from './truth.ts';
import { trueImports } from './typescript-imports.ts';
import { compilerResolution } from './typescript-resolution.ts';
import { trueSymbols } from './typescript-symbols.ts';

/** TypeScript and JavaScript as the TypeScript compiler sees them. */
export const typescriptReference: Reference = {
  languages: ['typescript', 'tsx', 'javascript'],
  async read(root, paths, listed) {
    // Nothing is resolved here: each file's own declarations and exports are wanted.
    const program = ts.createProgram({
      rootNames: paths.map((path) => join(root, path)),
      options: {
        allowJs: true,
        noResolve: true,
        noLib: true,
        types: [],
        target: ts.ScriptTarget.Latest,
        module: ts.ModuleKind.ESNext,
        moduleDetection: ts.ModuleDetectionKind.Legacy,
        jsx: ts.JsxEmit.Preserve,
      },
    });
    const checker = program.getTypeChecker();
    const resolve = compilerResolution(root, listed);
    const files: TrueFile[] = [];
    const broken: string[] = [];
    for (const path of paths) {
      const file = program.getSourceFile(join(root, path));
      if (!file || program.getSyntacticDiagnostics(file).some(isSyntaxError)) {
        broken.push(path);
        continue;
      }
      const imports = trueImports(file).map((written) => ({
        specifier: written.specifier,
        kind: written.kind,
        line: written.line,
        resolved: resolve(path, written),
      }));
      files.push({ path, symbols: trueSymbols(file, checker), imports });
    }
    return { files, broken };
  },
};

/** Errors over 8000 are about TypeScript syntax in JavaScript, which parses all the same. */
function isSyntaxError(diagnostic: ts.Diagnostic): boolean {
  return diagnostic.code < 8000;
}
