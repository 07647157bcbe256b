import { type Part, type Result, runParts, type Targets } from '../metrics.ts';
import { briefBench } from './brief.ts';
import { decideBench } from './decide.ts';
import { memoryBench } from './memory.ts';
import { needBench } from './need.ts';
import { replayBench } from './replay.ts';
import { verifyBench } from './verify.ts';

const PARTS: Readonly<Record<string, Part>> = {
  verify: verifyBench,
  replay: replayBench,
  need: needBench,
  decide: decideBench,
  brief: briefBench,
  memory: memoryBench,
};

const TARGETS: Targets = {
  'verify.single.ratioToLibrary': { least: 0.9 },
  'verify.batch64.speedup': { least: 4 },
  'replay.entriesPerSecond': { least: 5_000 },
  'need.finalizedPerSecond': { least: 200 },
};

/** The law and the proof in one process. Runs the parts named, or all. */
export const spine = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('spine', PARTS, TARGETS, parts, say);
