import type { SymbolKind } from '@codepakt/contract';
import ts from 'typescript-5';
import type { TrueSymbol } from './truth.ts';
import { exportedDeclarations } from './typescript-exports.ts';

/**
 * The declarations of a file by the compiler's own tree: those that are reached without entering
 * a function body, blocks of the file itself included, heads of loops not.
 */
export function trueSymbols(file: ts.SourceFile, checker: ts.TypeChecker): TrueSymbol[] {
  const exported = exportedDeclarations(file, checker);
  const symbols: TrueSymbol[] = [];
  const isJavascript = /\.[mc]?jsx?$/.test(file.fileName);
  /** What is another module's by any name: nothing that is set on it is a member of this one's. */
  const required = new Set<string>();

  interface Place {
    parent: string | null;
    exported: boolean;
  }

  function add(
    node: ts.Node,
    name: { text: string; node: ts.Node },
    kind: SymbolKind,
    place: Place,
  ): Place {
    symbols.push({
      name: name.text,
      kind,
      parent: place.parent,
      line: lineAt(name.node.getStart(file)),
      end_line: lineAt(node.getEnd()),
      exported: place.exported,
    });
    const parent = place.parent === null ? name.text : `${place.parent}.${name.text}`;
    return { parent, exported: place.exported };
  }

  function lineAt(position: number): number {
    return file.getLineAndCharacterOfPosition(position).line + 1;
  }

  /** A body's own declarations: exported when the compiler exports them and the body is reachable. */
  function statements(nodes: readonly ts.Node[], parent: string | null, isOpen: boolean): void {
    for (const node of nodes) statement(node, parent, isOpen);
  }

  function statement(node: ts.Node, parent: string | null, isOpen: boolean): void {
    const place = { parent, exported: isOpen && exported.has(node) };
    if (ts.isVariableStatement(node)) {
      for (const declaration of node.declarationList.declarations)
        variable(declaration, parent, isOpen);
    } else if (ts.isFunctionDeclaration(node)) {
      add(node, nameOrDefault(node), 'function', place);
    } else if (ts.isClassDeclaration(node)) {
      classMembers(node, add(node, nameOrDefault(node), 'class', place));
    } else if (ts.isInterfaceDeclaration(node)) {
      typeMembers(node.members, add(node, nameOf(node.name), 'interface', place));
    } else if (ts.isTypeAliasDeclaration(node)) {
      const inner = add(node, nameOf(node.name), 'type', place);
      if (ts.isTypeLiteralNode(node.type)) typeMembers(node.type.members, inner);
    } else if (ts.isEnumDeclaration(node)) {
      const inner = add(node, nameOf(node.name), 'enum', place);
      for (const member of node.members) add(member, nameOf(member.name), 'enum_member', inner);
    } else if (ts.isModuleDeclaration(node)) {
      namespace(node, place);
    } else if (ts.isExportAssignment(node)) {
      exportAssignment(node, parent, isOpen);
    } else if (ts.isExpressionStatement(node)) {
      if (parent === null) commonJs(node);
      if (parent === null && isJavascript) assignedMembers(node);
    } else if (ts.isBlock(node) || ts.isModuleBlock(node)) {
      statements(node.statements, parent, isOpen);
    } else if (ts.isCaseBlock(node)) {
      for (const clause of node.clauses) statements(clause.statements, parent, isOpen);
    } else if (ts.isIterationStatement(node, false)) {
      statement(node.statement, parent, isOpen);
    } else if (
      ts.isIfStatement(node) ||
      ts.isTryStatement(node) ||
      ts.isCatchClause(node) ||
      ts.isSwitchStatement(node) ||
      ts.isLabeledStatement(node) ||
      ts.isWithStatement(node)
    ) {
      ts.forEachChild(node, (child) => {
        if (!ts.isExpression(child) && !ts.isVariableDeclaration(child))
          statement(child, parent, isOpen);
      });
    }
  }

  function variable(node: ts.VariableDeclaration, parent: string | null, isOpen: boolean): void {
    const flags = ts.getCombinedNodeFlags(node) & ts.NodeFlags.BlockScoped;
    const kind =
      flags === ts.NodeFlags.None || flags === ts.NodeFlags.Let ? 'variable' : 'constant';
    if (!ts.isIdentifier(node.name)) {
      bound(node.name, node, kind, parent, isOpen);
      return;
    }
    const place = { parent, exported: isOpen && exported.has(node) };
    if (node.initializer?.getText(file).startsWith('require(')) required.add(node.name.text);
    value(node, nameOf(node.name), kind, place, node.initializer);
  }

  function bound(
    pattern: ts.BindingPattern,
    declaration: ts.VariableDeclaration,
    kind: SymbolKind,
    parent: string | null,
    isOpen: boolean,
  ): void {
    for (const element of pattern.elements) {
      if (ts.isOmittedExpression(element)) continue;
      if (ts.isIdentifier(element.name)) {
        const place = { parent, exported: isOpen && exported.has(element) };
        add(declaration, nameOf(element.name), kind, place);
      } else {
        bound(element.name, declaration, kind, parent, isOpen);
      }
    }
  }

  /** A name whose value says what it is. */
  function value(
    node: ts.Node,
    name: { text: string; node: ts.Node },
    kind: SymbolKind,
    place: Place,
    initializer: ts.Expression | undefined,
    kinds: { function: SymbolKind } = { function: 'function' },
  ): void {
    const plain = initializer && withoutAssertions(initializer);
    if (plain && (ts.isArrowFunction(plain) || ts.isFunctionExpression(plain))) {
      add(node, name, kinds.function, place);
    } else if (plain && ts.isClassExpression(plain)) {
      classMembers(plain, add(node, name, 'class', place));
    } else {
      const inner = add(node, name, kind, place);
      if (plain && ts.isObjectLiteralExpression(plain) && place.exported)
        objectMembers(plain, inner);
    }
  }

  function namespace(node: ts.ModuleDeclaration, place: Place): void {
    const isGlobal = (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
    const isString = ts.isStringLiteral(node.name);
    const own = { parent: place.parent, exported: !isGlobal && !isString && place.exported };
    const inner = add(node, nameOf(node.name), 'namespace', own);
    if (!node.body) return;
    if (ts.isModuleDeclaration(node.body)) {
      namespace(node.body, inner);
    } else if (ts.isModuleBlock(node.body)) {
      statements(node.body.statements, inner.parent, isString || own.exported);
    }
  }

  function exportAssignment(
    node: ts.ExportAssignment,
    parent: string | null,
    isOpen: boolean,
  ): void {
    const plain = withoutAssertions(node.expression);
    if (ts.isIdentifier(node.expression)) return;
    const hasName = (ts.isFunctionExpression(plain) || ts.isClassExpression(plain)) && plain.name;
    const word = node
      .getChildren(file)
      .find(
        (child) =>
          child.kind === ts.SyntaxKind.DefaultKeyword || child.kind === ts.SyntaxKind.EqualsToken,
      );
    const name = hasName ? nameOf(hasName) : { text: 'default', node: word ?? node };
    value(node, name, 'constant', { parent, exported: isOpen }, node.expression);
  }

  function classMembers(node: ts.ClassLikeDeclaration, place: Place): void {
    for (const member of node.members) {
      const isPrivate =
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0 ||
        (member.name !== undefined && ts.isPrivateIdentifier(member.name));
      const own = { parent: place.parent, exported: place.exported && !isPrivate };
      if (ts.isConstructorDeclaration(member)) {
        const word = member
          .getChildren(file)
          .find((child) => child.kind === ts.SyntaxKind.ConstructorKeyword);
        add(member, { text: 'constructor', node: word ?? member }, 'constructor', own);
        for (const parameter of member.parameters) {
          if (!ts.isParameterPropertyDeclaration(parameter, member)) continue;
          const hidden = (ts.getCombinedModifierFlags(parameter) & ts.ModifierFlags.Private) !== 0;
          if (!ts.isIdentifier(parameter.name)) continue;
          add(parameter, nameOf(parameter.name), 'property', {
            parent: place.parent,
            exported: place.exported && !hidden,
          });
        }
      } else if (ts.isMethodDeclaration(member)) {
        add(member, nameOf(member.name), 'method', own);
      } else if (ts.isGetAccessor(member) || ts.isSetAccessor(member)) {
        add(member, nameOf(member.name), 'property', own);
      } else if (ts.isPropertyDeclaration(member)) {
        const plain = member.initializer && withoutAssertions(member.initializer);
        if (plain && (ts.isArrowFunction(plain) || ts.isFunctionExpression(plain))) {
          add(member, nameOf(member.name), 'method', own);
        } else if (plain && ts.isClassExpression(plain)) {
          classMembers(plain, add(member, nameOf(member.name), 'class', own));
        } else {
          add(member, nameOf(member.name), 'property', own);
        }
      }
    }
  }

  function typeMembers(members: ts.NodeArray<ts.TypeElement>, place: Place): void {
    for (const member of members) {
      if (ts.isPropertySignature(member) || ts.isGetAccessor(member) || ts.isSetAccessor(member)) {
        add(member, nameOf(member.name), 'property', place);
      } else if (ts.isMethodSignature(member)) {
        add(member, nameOf(member.name), 'method', place);
      }
    }
  }

  function objectMembers(node: ts.ObjectLiteralExpression, place: Place): void {
    for (const member of node.properties) {
      if (ts.isMethodDeclaration(member)) add(member, nameOf(member.name), 'method', place);
      else if (ts.isGetAccessor(member) || ts.isSetAccessor(member)) {
        add(member, nameOf(member.name), 'property', place);
      } else if (ts.isShorthandPropertyAssignment(member)) {
        add(member, nameOf(member.name), 'property', place);
      } else if (ts.isPropertyAssignment(member)) {
        value(member, nameOf(member.name), 'property', place, member.initializer, {
          function: 'method',
        });
      }
    }
  }

  /** `exports.name = …` and `module.exports = …`, unless they only pass on what is declared elsewhere. */
  function commonJs(node: ts.ExpressionStatement): void {
    if (ts.isExternalModule(file)) return;
    for (const assignment of assignmentsOf(node.expression)) {
      const { names, whole, right } = assignment;
      const plain = withoutAssertions(right);
      if (isPassedOn(plain)) continue;
      const place = { parent: null, exported: true };
      if (whole && ts.isObjectLiteralExpression(plain)) moduleObject(plain);
      else if (whole) {
        const own = (ts.isFunctionExpression(plain) || ts.isClassExpression(plain)) && plain.name;
        value(node, own ? nameOf(own) : { text: 'default', node: whole }, 'constant', place, right);
      }
      for (const name of names) value(node, nameOf(name), 'constant', place, right);
    }
  }

  /** `Reply.prototype.send = function () {}` and `app.use = function () {}` of what was declared above. */
  function assignedMembers(node: ts.ExpressionStatement): void {
    const targets: { owner: TrueSymbol; name: ts.MemberName }[] = [];
    let right = node.expression;
    while (ts.isBinaryExpression(right) && right.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const { left } = right;
      if (ts.isPropertyAccessExpression(left)) {
        const object = left.expression;
        const isPrototype =
          ts.isPropertyAccessExpression(object) && object.name.text === 'prototype';
        const of = isPrototype ? object.expression : object;
        const owner = symbols.find(
          (symbol) => ts.isIdentifier(of) && symbol.name === of.text && symbol.parent === null,
        );
        if (owner && !required.has(owner.name)) targets.push({ owner, name: left.name });
      }
      right = right.right;
    }
    const plain = withoutAssertions(right);
    for (const { owner, name } of targets) {
      const place = { parent: owner.name, exported: owner.exported };
      if (ts.isArrowFunction(plain) || ts.isFunctionExpression(plain)) {
        add(node, nameOf(name), 'method', place);
      } else if (ts.isClassExpression(plain)) {
        classMembers(plain, add(node, nameOf(name), 'class', place));
      } else if (ts.isObjectLiteralExpression(plain) && name.text === 'prototype') {
        objectMembers(plain, place);
      }
    }
  }

  function moduleObject(node: ts.ObjectLiteralExpression): void {
    const place = { parent: null, exported: true };
    for (const member of node.properties) {
      if (ts.isMethodDeclaration(member)) add(member, nameOf(member.name), 'function', place);
      else if (ts.isGetAccessor(member) || ts.isSetAccessor(member)) {
        add(member, nameOf(member.name), 'property', place);
      } else if (ts.isPropertyAssignment(member)) {
        const plain = withoutAssertions(member.initializer);
        if (!isPassedOn(plain))
          value(member, nameOf(member.name), 'constant', place, member.initializer);
      }
    }
  }

  function nameOrDefault(node: ts.FunctionDeclaration | ts.ClassDeclaration): {
    text: string;
    node: ts.Node;
  } {
    if (node.name) return nameOf(node.name);
    const word = node.modifiers?.find((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword);
    return { text: 'default', node: word ?? node };
  }

  function nameOf(node: ts.PropertyName | ts.ModuleName | ts.Expression): {
    text: string;
    node: ts.Node;
  } {
    const text =
      ts.isIdentifier(node) || ts.isPrivateIdentifier(node)
        ? node.text
        : ts.isStringLiteralLike(node)
          ? node.getText(file).slice(1, -1)
          : node.getText(file);
    return { text, node };
  }

  statements(file.statements, null, true);
  return symbols;
}

/** The expression within parentheses and type assertions. */
function withoutAssertions(expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

interface Assignment {
  names: ts.Expression[];
  whole: ts.Node | undefined;
  right: ts.Expression;
}

function assignmentsOf(expression: ts.Expression): Assignment[] {
  if (
    ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind === ts.SyntaxKind.CommaToken
  ) {
    return [...assignmentsOf(expression.left), ...assignmentsOf(expression.right)];
  }
  const names: ts.Expression[] = [];
  let whole: ts.Node | undefined;
  let right = expression;
  while (ts.isBinaryExpression(right) && right.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const { left } = right;
    if (isModuleExports(left)) whole ??= left;
    else if (ts.isPropertyAccessExpression(left) && isExportsObject(left.expression)) {
      names.push(left.name as ts.Expression);
    } else if (
      ts.isElementAccessExpression(left) &&
      isExportsObject(left.expression) &&
      ts.isStringLiteral(left.argumentExpression)
    ) {
      names.push(left.argumentExpression);
    }
    right = right.right;
  }
  return names.length > 0 || whole ? [{ names, whole, right }] : [];
}

function isModuleExports(node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'exports' &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'module'
  );
}

function isExportsObject(node: ts.Node): boolean {
  return isModuleExports(node) || (ts.isIdentifier(node) && node.text === 'exports');
}

function isPassedOn(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return true;
  if (ts.isVoidExpression(node)) return true;
  let inner: ts.Expression = node;
  while (ts.isPropertyAccessExpression(inner)) inner = inner.expression;
  return (
    ts.isCallExpression(inner) &&
    ts.isIdentifier(inner.expression) &&
    inner.expression.text === 'require' &&
    inner.arguments.length === 1 &&
    ts.isStringLiteral(inner.arguments[0] as ts.Expression)
  );
}
