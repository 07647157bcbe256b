/** The first place at which two JSON values differ. */
export interface Difference {
  /** Fields and indices that lead there, joined by dots; empty for the values themselves. */
  readonly path: string;
  /** What was expected and what is there; undefined where there is nothing. */
  readonly expected: unknown;
  readonly found: unknown;
}

/**
 * The first difference of two JSON values, or null. Fields are looked at in the order of `expected`, then those that only `found` has.
 */
export function firstDifference(expected: unknown, found: unknown, path = ''): Difference | null {
  if (Object.is(expected, found)) return null;
  if (!isTree(expected) || !isTree(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return { path, expected, found };
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const name of names) {
    const below = firstDifference(own(expected, name), own(found, name), path === '' ? name : `${path}.${name}`);
    if (below !== null) return below;
  }
  return null;
}

/** What a path leads to within a JSON value; undefined where it leads nowhere. A field's name may hold dots. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  if (!isTree(value)) return undefined;
  for (const [name, item] of Object.entries(value)) {
    if (path === name) return item;
    if (!path.startsWith(`${name}.`)) continue;
    const below = valueAt(item, path.slice(name.length + 1));
    if (below !== undefined) return below;
  }
  return undefined;
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

const own = (tree: Tree, name: string): unknown => (Object.hasOwn(tree, name) ? tree[name] : undefined);
