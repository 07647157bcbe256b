import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { appendBench } from './append.ts';
import { decideBench } from './decide.ts';

const PARTS: Readonly<Record<string, Part>> = { append: appendBench, decide: decideBench };

const TARGETS: Targets = {
  'append.ratioToBare': { least: 0.5 },
  'decide.p95Ms': { most: 500 },
};

/** The log in three members of etcd on this machine. Runs the parts named, or all. */
export const etcd = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('etcd', PARTS, TARGETS, parts, say);
