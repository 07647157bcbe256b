import { type Node, visitorKeys } from 'oxc-parser';

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The nodes directly below `node`, in source order of the grammar. */
function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) children.push(child);
  }
  return children;
}

/**
 * Calls `visit` for `node` and everything below it, parents first. `ancestors` runs from the root to the direct parent.
 * When `visit` returns false, what is below that node is left out.
 */
export function walk(
  node: Node,
  visit: (node: Node, ancestors: readonly Node[]) => boolean | undefined,
  ancestors: readonly Node[] = [],
): void {
  if (visit(node, ancestors) === false) return;
  const below = [...ancestors, node];
  for (const child of childrenOf(node)) walk(child, visit, below);
}
