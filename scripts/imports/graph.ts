/** Directed edges between names. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The groups of two or more nodes that reach each other, and nodes that point at themselves: each is one cycle to break.
 * Nodes of a group are sorted, groups are in order of their first node. (Tarjan's strongly connected components.)
 */
export function findCycles(graph: Graph): string[][] {
  const index = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];

  const visit = (node: string): number => {
    const order = index.size;
    let lowest = order;
    index.set(node, order);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, index.get(next) ?? lowest);
    }
    if (lowest === order) groups.push(stack.splice(stack.indexOf(node)));
    return lowest;
  };

  for (const node of [...graph.keys()].sort()) if (!index.has(node)) visit(node);
  const isCycle = ([node = '', ...others]: string[]): boolean =>
    others.length > 0 || graph.get(node)?.has(node) === true;
  return groups
    .filter(isCycle)
    .map((group) => group.sort())
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}
