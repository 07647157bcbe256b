import { join } from 'node:path';
import type { BadPrefix, FaultKind, Mode, Run, Wanted } from '@canswarm/simulator';
import { InvalidArgumentError } from 'commander';
import type { Io } from './io.ts';
import { outFile } from './out-file.ts';

export const FAULTS: readonly FaultKind[] = [
  'network',
  'log',
  'clocks',
  'partitions',
  'clogs',
  'crashes',
  'disks',
  'slowness',
  'results',
  'actors',
];

/** What of a run the command line can say. */
export interface RunOptions {
  readonly mode: Mode;
  readonly nodes?: number;
  readonly needs?: number;
  readonly ticks?: number;
  readonly faults?: readonly FaultKind[];
}

/** A list of kinds of faults, or `none`, for commander. */
export function faultKinds(text: string): readonly FaultKind[] {
  if (text === 'none') return [];
  const asked = text.split(',');
  const kinds = FAULTS.filter((kind) => asked.includes(kind));
  if (kinds.length === asked.length) return kinds;
  throw new InvalidArgumentError(`Some of ${FAULTS.join(',')} are due, or none.`);
}

export const wantedOf = ({ mode, nodes, needs, ticks, faults }: RunOptions, seed: number): Wanted => ({
  seed,
  mode,
  ...(nodes === undefined ? {} : { nodes }),
  ...(needs === undefined ? {} : { needs }),
  ...(ticks === undefined ? {} : { ticks }),
  ...(faults === undefined ? {} : { faults }),
});

/** The exact command that runs it again. */
export const again = ({ seed, mode, nodes, needs, ticks, faults }: Wanted): string =>
  [
    `canswarm sim --seed ${seed} --mode ${mode}`,
    ...(nodes === undefined ? [] : [`--nodes ${nodes}`]),
    ...(needs === undefined ? [] : [`--needs ${needs}`]),
    ...(ticks === undefined ? [] : [`--ticks ${ticks}`]),
    ...(faults === undefined ? [] : [`--faults ${faults.length === 0 ? 'none' : faults.join(',')}`]),
  ].join(' ');

/**
 * Shrinks a run that failed to less by which the same property breaks, and keeps it as a file of a folder, with a picture of the calls where no
 * order explains them.
 */
export async function keep(io: Io, folder: string, wanted: Wanted, run: Run): Promise<void> {
  const { planOf, shrink, simulate, timeline, LINEARIZABLE } = await import('@canswarm/simulator');
  const { plan } = run;
  let [found] = run.faults;
  if (found === undefined) return;
  const { property } = found;
  const badOf = ({ linearizable }: Run): BadPrefix | null =>
    Object.entries(linearizable).find(([kind]) => LINEARIZABLE[kind as keyof typeof linearizable] === property)?.[1]
      .bad ?? null;
  let bad = badOf(run);
  const file = join(folder, `${property.toLowerCase()}-${plan.seed}.json`);
  const write = outFile(file);
  io.err.write(`shrinking seed ${plan.seed}, which broke ${property}\n`);
  const failing = { ...wanted, nodes: plan.nodes, needs: plan.needs, faults: wanted.faults ?? FAULTS };
  const { wanted: least, runs } = await shrink(failing, async (less) => {
    const other = await simulate(planOf(less));
    const fault = other.faults.find((one) => one.property === property);
    if (fault === undefined) return false;
    found = fault;
    bad = badOf(other);
    return true;
  });
  write(`${JSON.stringify({ wanted: least, property, detail: found.detail, again: again(least) }, null, 2)}\n`);
  const picture = file.replace(/json$/, 'svg');
  if (bad !== null) outFile(picture)(timeline(bad));
  const drawn = bad === null ? '' : `, drawn in ${picture}`;
  io.err.write(`  Least of ${runs} runs: ${again(least)}\n  kept as ${file}${drawn}\n`);
}
