import type { ImportKind } from '@codepakt/contract';
import ts from 'typescript-5';

/** An import as the compiler's tree has it. */
export interface WrittenImport {
  specifier: string;
  kind: ImportKind;
  line: number;
}

/** Every import of a file, wherever it stands. */
export function trueImports(file: ts.SourceFile): WrittenImport[] {
  const imports: WrittenImport[] = [];
  const readsJsdoc = /\.[mc]?jsx?$/.test(file.fileName);

  function add(at: ts.Node, specifier: ts.Node | undefined, kind: ImportKind): void {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const line = file.getLineAndCharacterOfPosition(at.getStart(file)).line + 1;
    imports.push({ specifier: specifier.text, kind, line });
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, importKind(node.importClause));
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, reexportKind(node));
    } else if (ts.isImportEqualsDeclaration(node)) {
      if (ts.isExternalModuleReference(node.moduleReference)) {
        add(node, node.moduleReference.expression, 'require');
      }
    } else if (ts.isImportTypeNode(node)) {
      // `typeof import('x')` begins with `typeof`, which is not the import.
      const word = node
        .getChildren(file)
        .find((child) => child.kind === ts.SyntaxKind.ImportKeyword);
      add(
        word ?? node,
        ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined,
        'type',
      );
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression.getText(file).replace(/\s/g, '');
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword)
        add(node, node.arguments[0], 'dynamic');
      else if (callee === 'require' || callee === 'require.resolve')
        add(node, node.arguments[0], 'require');
    }
    // `ts.getJSDocCommentsAndTags` gives the last comment before a node; here all are wanted.
    const { jsDoc = [] } = node as { jsDoc?: ts.JSDoc[] };
    if (readsJsdoc) for (const comment of jsDoc) visitJsdoc(comment);
    ts.forEachChild(node, visit);
  }

  const seen = new Set<ts.Node>();

  function visitJsdoc(node: ts.Node): void {
    if (seen.has(node)) return;
    seen.add(node);
    if (ts.isImportTypeNode(node)) {
      const word = node
        .getChildren(file)
        .find((child) => child.kind === ts.SyntaxKind.ImportKeyword);
      add(
        word ?? node,
        ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined,
        'type',
      );
    } else if (ts.isJSDocImportTag(node)) {
      add(node, node.moduleSpecifier, 'type');
    }
    for (const child of node.getChildren(file)) visitJsdoc(child);
  }

  visit(file);
  for (const reference of file.referencedFiles) {
    const line = file.getLineAndCharacterOfPosition(reference.pos).line + 1;
    const specifier = /^\.{0,2}\//.test(reference.fileName)
      ? reference.fileName
      : `./${reference.fileName}`;
    imports.push({ specifier, kind: 'type', line });
  }
  return imports;
}

function importKind(clause: ts.ImportClause | undefined): ImportKind {
  if (!clause) return 'side_effect';
  if (clause.isTypeOnly) return 'type';
  const { name, namedBindings } = clause;
  const elements = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return !name && areTypes(elements) ? 'type' : 'import';
}

function reexportKind({ isTypeOnly, exportClause }: ts.ExportDeclaration): ImportKind {
  const elements = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : [];
  return isTypeOnly || areTypes(elements) ? 'type' : 'reexport';
}

function areTypes(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): boolean {
  return elements.length > 0 && elements.every((element) => element.isTypeOnly);
}
