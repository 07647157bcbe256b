import type { Row } from '@canswarm/csv';

/**
 * Names of columns without white space around them and each once: an empty one becomes `column_N`, one that was there before gets the
 * least number from `_2` on that makes a name which stands nowhere in the header.
 */
export function cleanHeader(header: Row): Row {
  const names = header.map((name, index) => name.trim() || `column_${index + 1}`);
  const taken = new Set(names);
  const seen = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = next.get(name) ?? 2;
    while (taken.has(`${name}_${number}`)) number += 1;
    next.set(name, number + 1);
    const unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}
