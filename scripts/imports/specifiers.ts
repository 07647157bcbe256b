import { posix } from 'node:path';
import type { Node } from 'oxc-parser';
import type { Source } from '../repository/source.ts';
import { walk } from '../repository/walk.ts';

/** One mention of another module. `specifier` is undefined when it is computed at run time. */
export interface Import {
  readonly specifier: string | undefined;
  readonly line: number;
}

/**
 * Every way in which a file names another module: import, import type, export from, import(), type import('x'),
 * import.meta.resolve and new URL(x, import.meta.url), which is how workers are named.
 */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.program, (node) => {
    const target = moduleNamedBy(node);
    if (target !== undefined) found.push({ specifier: literal(target), line: source.lineAt(node.start) });
    return undefined;
  });
  return found;
}

function moduleNamedBy(node: Node): Node | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source;
    case 'ExportNamedDeclaration':
      return node.source ?? undefined;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression':
      return isImportMeta(node.callee, 'resolve') || isName(node.callee, 'require') ? node.arguments[0] : undefined;
    case 'NewExpression': {
      const [target, base] = node.arguments;
      const named = isName(node.callee, 'URL') && base !== undefined && isImportMeta(base, 'url');
      return named && target !== undefined && literal(target)?.endsWith('.ts') === true ? target : undefined;
    }
    default:
      return undefined;
  }
}

function literal(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function isName(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function isImportMeta(node: Node, property: string): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'MetaProperty' &&
    node.property.type === 'Identifier' &&
    node.property.name === property
  );
}

/** `./x.ts` from `a/b.ts` is `a/x.ts`; undefined for a specifier that is not relative. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  return /^\.{1,2}(\/|$)/.test(specifier) ? posix.join(posix.dirname(from), specifier) : undefined;
}

/** The package that a bare specifier names: `@a/b/c` is `@a/b`, `x/y` is `x`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
