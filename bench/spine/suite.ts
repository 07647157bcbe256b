import { briefBench } from './brief.ts';
import { decideBench } from './decide.ts';
import { memoryBench } from './memory.ts';
import type { Metrics, Part } from './metrics.ts';
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

/** What the project promises of this suite, at least. */
const TARGETS: Metrics = {
  'verify.single.ratioToLibrary': 0.9,
  'verify.batch64.speedup': 4,
  'replay.entriesPerSecond': 5_000,
  'need.finalizedPerSecond': 200,
};

/** Runs the parts named, or all. */
export async function spine(
  parts: readonly string[],
  say: (line: string) => void,
): Promise<{ metrics: Metrics; targets: Metrics }> {
  const metrics: Metrics = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (parts.length > 0 && !parts.includes(name)) continue;
    say(`spine: ${name}`);
    Object.assign(metrics, await part(say));
  }
  return { metrics, targets: TARGETS };
}
