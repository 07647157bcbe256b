/** Medians of several rounds, taken in turn so that a slow moment of the machine hits all of them alike. */
export function rounds<Name extends string>(
  count: number,
  tasks: Readonly<Record<Name, () => number>>,
): Record<Name, number> {
  const names = Object.keys(tasks) as Name[];
  const seen = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= count; round += 1) {
    for (const name of names) {
      const value = tasks[name]();
      // The first round warms up.
      if (round > 0) seen.get(name)?.push(value);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(seen.get(name) ?? [])])) as Record<Name, number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Seconds that `task` took. */
export function seconds(task: () => void): number {
  const start = performance.now();
  task();
  return (performance.now() - start) / 1000;
}

/** Three significant digits: more would pretend. */
export const figure = (value: number): number => Number(value.toPrecision(3));
