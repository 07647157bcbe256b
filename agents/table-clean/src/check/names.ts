import { withoutOuterSpace } from './white-space.ts';

/**
 * Names that the columns must have: white space around them gone, `column_N` for what is empty then, and each once, by the least number
 * that makes a name nobody has.
 */
export function dueNames(header: readonly string[]): readonly string[] {
  const bare = header.map((name, index) => {
    const inner = withoutOuterSpace(name);
    return inner.length > 0 ? inner : `column_${index + 1}`;
  });
  const holders = new Map<string, number>();
  for (const [index, name] of bare.entries()) if (!holders.has(name)) holders.set(name, index);
  const tried = new Map<string, number>();
  return bare.map((name, index) => {
    if (holders.get(name) === index) return name;
    for (let number = tried.get(name) ?? 2; ; number++) {
      const numbered = `${name}_${number}`;
      if (holders.has(numbered)) continue;
      holders.set(numbered, index);
      tried.set(name, number + 1);
      return numbered;
    }
  });
}
