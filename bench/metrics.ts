/** Figures by name; names are the contract. */
export type Metrics = Record<string, number>;

/** A part of a suite: measures, says what it does on standard error, gives its figures. */
export type Part = (say: (line: string) => void) => Promise<Metrics> | Metrics;

/** What is promised of a figure. */
export type Targets = Readonly<Record<string, { readonly least: number } | { readonly most: number }>>;

export interface Result {
  readonly metrics: Metrics;
  readonly targets: Targets;
}

/** Runs the parts named, or all. */
export async function runParts(
  suite: string,
  parts: Readonly<Record<string, Part>>,
  targets: Targets,
  names: readonly string[],
  say: (line: string) => void,
): Promise<Result> {
  const metrics: Metrics = {};
  for (const [name, part] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    say(`${suite}: ${name}`);
    Object.assign(metrics, await part(say));
  }
  return { metrics, targets };
}
