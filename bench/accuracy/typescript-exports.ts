import ts from 'typescript-5';

/** Every declaration of a file that the checker finds in the exports of its module, or of a namespace in it. */
export function exportedDeclarations(file: ts.SourceFile, checker: ts.TypeChecker): Set<ts.Node> {
  const exported = new Set<ts.Node>();

  function addExports(node: ts.SourceFile | ts.ModuleDeclaration): void {
    // Of a CommonJS module the checker tells no symbol, but the binder has given it one.
    const { symbol } = node as { symbol?: ts.Symbol };
    if (symbol) {
      const whole = symbol.exports?.get('export=' as ts.__String);
      for (const one of [...checker.getExportsOfModule(symbol), ...(whole ? [whole] : [])]) {
        for (const target of targetsOf(one)) addDeclarations(target);
      }
    }
    const body = ts.isSourceFile(node) ? node : node.body;
    if (body) ts.forEachChild(body, visitNamespace);
    if (body && ts.isModuleDeclaration(body)) {
      exported.add(body);
      addExports(body);
    }
  }

  function visitNamespace(node: ts.Node): void {
    if (ts.isModuleDeclaration(node)) addExports(node);
  }

  /** What an export names in the end, and the local variable that it is taken from. */
  function targetsOf(symbol: ts.Symbol): ts.Symbol[] {
    const locals = (symbol.declarations ?? []).flatMap(assignedLocals);
    if (!(symbol.flags & ts.SymbolFlags.Alias)) return [symbol, ...locals];
    return [symbol, checker.getAliasedSymbol(symbol), ...locals];
  }

  function assignedLocals(declaration: ts.Node): ts.Symbol[] {
    if (ts.isExportSpecifier(declaration)) {
      return known(checker.getExportSpecifierLocalTargetSymbol(declaration));
    }
    if (ts.isShorthandPropertyAssignment(declaration)) {
      return known(checker.getShorthandAssignmentValueSymbol(declaration));
    }
    if (ts.isPropertyAssignment(declaration)) return localOf(declaration.initializer);
    let assignment = declaration;
    while (ts.isPropertyAccessExpression(assignment) || ts.isElementAccessExpression(assignment)) {
      assignment = assignment.parent;
    }
    if (!ts.isBinaryExpression(assignment)) return [];
    // A function's own properties (`exported.helper = helper`) are no exports.
    if (!/^(?:module\s*\.\s*)?exports\b/.test(assignment.left.getText())) return [];
    let { right } = assignment;
    while (ts.isBinaryExpression(right) && right.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      right = right.right;
    }
    const isWhole = /^module\s*\.\s*exports$/.test(assignment.left.getText());
    if (!isWhole || !ts.isObjectLiteralExpression(right)) return localOf(right);
    return right.properties.flatMap(assignedLocals);
  }

  function localOf(expression: ts.Expression): ts.Symbol[] {
    return ts.isIdentifier(expression) ? known(checker.getSymbolAtLocation(expression)) : [];
  }

  function addDeclarations(symbol: ts.Symbol): void {
    for (const declaration of symbol.declarations ?? []) {
      exported.add(declaration);
      if (ts.isVariableDeclaration(declaration)) exported.add(declaration.parent.parent);
    }
  }

  /** Where two declarations clash, the checker forgets one of them. */
  function addByModifier(node: ts.Node): void {
    if (
      ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)
    ) {
      exported.add(node);
    }
    if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node))
      ts.forEachChild(node, addByModifier);
  }

  addExports(file);
  ts.forEachChild(file, addByModifier);
  return exported;
}

function known(symbol: ts.Symbol | undefined): ts.Symbol[] {
  return symbol ? [symbol] : [];
}
