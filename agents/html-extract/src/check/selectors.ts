import { COMPOUNDS_MAX, SELECTOR_UNITS_MAX } from '../rules.ts';
import { type Compound, parseSelectors } from './selector-text.ts';
import type { Branch, Tree } from './tree.ts';

/** Whether each element matches, by its order; undefined where the text is no selector that is taken. */
export function matcherOf(text: string): ((tree: Tree) => Uint8Array) | undefined {
  const chains = text.length > SELECTOR_UNITS_MAX ? undefined : parseSelectors(text);
  if (chains === undefined || chains.some(({ length }) => length > COMPOUNDS_MAX)) return undefined;
  return (tree) => {
    const matched = new Uint8Array(tree.all.length);
    for (const chain of chains) mark(tree, chain, matched);
    return matched;
  };
}

/**
 * Goes once through the document. An element's state has a bit for each beginning of the chain that ends at it; what it can go on from are
 * the states of its parent, of all above it, and of the sibling before it.
 */
function mark({ all }: Tree, chain: readonly Compound[], matched: Uint8Array): void {
  const states = new Int32Array(all.length);
  const above = new Int32Array(all.length);
  for (const branch of all) {
    const { order, up, place } = branch;
    const parent = up === null ? 0 : (states[up.order] ?? 0);
    const ancestors = up === null ? 0 : parent | (above[up.order] ?? 0);
    const before = up?.children[place - 1];
    const sibling = before === undefined ? 0 : (states[before.order] ?? 0);
    above[order] = ancestors;
    let state = 0;
    for (const [index, compound] of chain.entries()) {
      const from = compound.joined === '>' ? parent : compound.joined === '+' ? sibling : ancestors;
      const reachable = index === 0 || (from & (1 << (index - 1))) !== 0;
      if (reachable && compound.tests.every((test) => test(branch))) state |= 1 << index;
    }
    states[order] = state;
    if ((state & (1 << (chain.length - 1))) !== 0) matched[order] = 1;
  }
}

/** The first descendant of each row that matches, by the row's order: rows that are still open when one comes take it. */
export function firstWithin(
  { all }: Tree,
  isRow: (branch: Branch) => boolean,
  matched: Uint8Array,
): ReadonlyMap<number, Branch> {
  const found = new Map<number, Branch>();
  let open: Branch[] = [];
  for (const branch of all) {
    while ((open.at(-1)?.last ?? branch.order) < branch.order) open.pop();
    if (matched[branch.order] === 1) {
      for (const row of open) found.set(row.order, branch);
      open = [];
    }
    if (isRow(branch)) open.push(branch);
  }
  return found;
}
