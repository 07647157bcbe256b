/** Lines of context before and after what differs. */
const CONTEXT = 3;
const LINES_MAX = 60;

/** The first stretch in which two texts differ, as lines with `-`, `+` and a few around them; empty where they do not. */
export function textDiff(expected: string, found: string): readonly string[] {
  if (expected === found) return [];
  const [left, right] = [expected.split('\n'), found.split('\n')];
  let first = 0;
  while (left[first] === right[first]) first += 1;
  let same = 0;
  const shortest = Math.min(left.length, right.length) - first;
  while (same < shortest && left[left.length - 1 - same] === right[right.length - 1 - same]) same += 1;
  const cut = (lines: readonly string[], mark: string): readonly string[] => {
    const differing = lines.slice(first, lines.length - same).map((line) => `${mark}${line}`);
    return differing.length <= LINES_MAX ? differing : [...differing.slice(0, LINES_MAX), `${mark}...`];
  };
  return [
    `@@ line ${first + 1}`,
    ...left.slice(Math.max(0, first - CONTEXT), first).map((line) => ` ${line}`),
    ...cut(left, '-'),
    ...cut(right, '+'),
    ...left.slice(left.length - same, left.length - same + CONTEXT).map((line) => ` ${line}`),
  ];
}
