import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { appendBench } from './append.ts';
import { latencyBench, sustainedBench } from './latency.ts';
import { needsBench } from './needs.ts';

const PARTS: Readonly<Record<string, Part>> = {
  latency: latencyBench,
  sustained: sustainedBench,
  append: appendBench,
  needs: needsBench,
};

const TARGETS: Targets = {
  'bus.p99RatioToBare.50': { most: 1.5 },
  'bus.p99RatioToBare.500': { most: 1.5 },
  'bus.p99RatioToBare.2000': { most: 1.5 },
  'bus.sustainedPerSecond': { least: 5_000 },
  'log.appendRatioToBare': { least: 0.5 },
};

/** What processes of a machine say to each other and to the log. Runs the parts named, or all. */
export const bus = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('bus', PARTS, TARGETS, parts, say);
