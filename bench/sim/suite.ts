import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { simBench } from './run.ts';

const PARTS: Readonly<Record<string, Part>> = { run: (say) => simBench({ nodes: 50, needs: 1_000 }, say) };

const TARGETS: Targets = { 'sim.coreSeconds': { most: 120 } };

/** The simulator: a whole network with all faults in one thread. Runs the parts named, or all. */
export const sim = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('sim', PARTS, TARGETS, parts, say);
