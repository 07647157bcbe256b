import type { Node, ParamPattern } from 'oxc-parser';
import { walk } from '../repository/walk.ts';

/** A use of a name that nothing in the file declares: a global. */
export interface GlobalUse {
  readonly name: string;
  readonly node: Node;
  /** The direct parent, to see which member of the global is used. */
  readonly parent: Node | undefined;
}

/**
 * The globals that a program uses as values. A name counts as declared within the function (or the module) that declares
 * it anywhere in its body, which is as exact as needed where every name is declared by `const`, `let`, a parameter or an
 * import.
 */
export function globalUses(program: Node): GlobalUse[] {
  const declared = new Map<Node, ReadonlySet<string>>();
  const uses: GlobalUse[] = [];
  walk(program, (node, ancestors) => {
    if (isTypeOnly(node)) return false;
    if (opensScope(node)) declared.set(node, declarationsIn(node));
    if (node.type !== 'Identifier' || !isReference(node, ancestors.at(-1))) return undefined;
    if (ancestors.some((scope) => declared.get(scope)?.has(node.name) === true)) return undefined;
    uses.push({ name: node.name, node, parent: ancestors.at(-1) });
    return undefined;
  });
  return uses;
}

function opensScope(node: Node): boolean {
  return (
    node.type === 'Program' ||
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

const typedExpressions = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

function isTypeOnly(node: Node): boolean {
  return node.type.startsWith('TS') && !typedExpressions.has(node.type);
}

/** Names that a function or module declares: its parameters and what its body declares, nested functions left out. */
function declarationsIn(scope: Node): ReadonlySet<string> {
  const names = new Set<string>();
  if ('params' in scope && Array.isArray(scope.params)) for (const param of scope.params) addPattern(names, param);
  walk(scope, (node) => {
    if (node === scope) return undefined;
    if (node.type === 'VariableDeclarator') addPattern(names, node.id);
    if (node.type === 'ImportSpecifier' || node.type === 'ImportDefaultSpecifier') names.add(node.local.name);
    if (node.type === 'ImportNamespaceSpecifier') names.add(node.local.name);
    if (node.type === 'CatchClause' && node.param !== null) addPattern(names, node.param);
    if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null) {
      names.add(node.id.name);
    }
    return !opensScope(node);
  });
  return names;
}

function addPattern(names: Set<string>, pattern: ParamPattern | Node): void {
  switch (pattern.type) {
    case 'Identifier':
      names.add(pattern.name);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        addPattern(names, property.type === 'RestElement' ? property.argument : property.value);
      }
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element !== null) addPattern(names, element);
      return;
    case 'AssignmentPattern':
      addPattern(names, pattern.left);
      return;
    case 'RestElement':
      addPattern(names, pattern.argument);
      return;
    default:
      return;
  }
}

function isReference(node: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.computed || parent.object === node;
    case 'Property':
      return parent.computed || parent.value === node;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.computed || parent.value === node;
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'MetaProperty':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    case 'ExportSpecifier':
      return false;
    default:
      return true;
  }
}
