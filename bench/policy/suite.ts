import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { bombBench } from './bomb.ts';
import { evaluateBench } from './evaluate.ts';
import { ledgerBench } from './ledger.ts';

const PARTS: Readonly<Record<string, Part>> = { evaluate: evaluateBench, bomb: bombBench, ledger: ledgerBench };

const TARGETS: Targets = {
  'policy.p95Us': { most: 100 },
  'policy.meteringOverhead': { most: 1.5 },
  'policy.bombNodeP99Ratio': { most: 1.5 },
};

/** Deciding by policies. Runs the parts named, or all. */
export const policy = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('policy', PARTS, TARGETS, parts, say);
