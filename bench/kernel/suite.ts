import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { applyBench } from './apply.ts';
import { drawBench } from './draw.ts';
import { sizesBench } from './memory.ts';

const PARTS: Readonly<Record<string, Part>> = {
  apply: applyBench,
  draw: drawBench,
  sizes: sizesBench,
};

const TARGETS: Targets = {
  'apply.ledgerPerSecond': { least: 50_000 },
  'apply.leasePerSecond': { least: 50_000 },
  'apply.flatness': { most: 2 },
  'draw.committee10kUs': { most: 20_000 },
};

/** The law alone, on one core, with signatures checked beforehand. Runs the parts named, or all. */
export const kernel = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('kernel', PARTS, TARGETS, parts, say);
