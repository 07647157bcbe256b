import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { coldStartBench } from './cold-start.ts';
import { hireBench } from './hire.ts';

const PARTS: Readonly<Record<string, Part>> = { 'cold-start': coldStartBench, hire: hireBench };

const TARGETS: Targets = { coldStartMs: { most: 5_000 } };

/** Hiring agents, apart from what they do. Runs the parts named, or all. */
export const agents = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('agents', PARTS, TARGETS, parts, say);
