import { opaPolicy } from '@canswarm/policy-opa';
import { figure, median, percentile, rounds } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { barePolicy } from './bare-policy.ts';
import { readBase } from './base-policy.ts';

const ROUNDS = 15;
const TURNS = 400;
const WARM = 3_000;
const LOADS = 7;

/** Evaluations of the base policy, bounded as its capsule says, and what the meters cost. */
export function evaluateBench(): Metrics {
  const { program, inputs } = readBase();
  const loads = Array.from({ length: LOADS }, () => milliseconds(() => opaPolicy(program)));
  const policy = opaPolicy(program);
  const each = (decide: (input: Uint8Array) => unknown) => (): number[] =>
    Array.from({ length: TURNS }, (_, turn) => {
      const input = inputs[turn % inputs.length] ?? new Uint8Array();
      return milliseconds(() => decide(input)) * 1000;
    });
  const wasm = new Uint8Array(program.wasm);
  const [bare, withMeters] = [false, true].map((meters) => barePolicy(wasm, program.parameters, meters));
  if (bare === undefined || withMeters === undefined) throw new Error('there are two');
  for (const input of inputs) {
    if (bare.decide(input) !== withMeters.decide(input)) throw new Error('meters change a decision');
  }
  const tasks = {
    whole: each((input) => policy.decide(input)),
    bare: each((input) => bare.decide(input)),
    metered: each((input) => withMeters.decide(input)),
  };
  for (const task of Object.values(tasks)) for (let turn = 0; turn < WARM; turn += TURNS) task();
  const all: number[] = [];
  const seen = rounds(ROUNDS, {
    whole: () => {
      const times = tasks.whole();
      all.push(...times);
      return median(times);
    },
    bare: () => median(tasks.bare()),
    metered: () => median(tasks.metered()),
  });
  return {
    'policy.p50Us': figure(median(all)),
    'policy.p95Us': figure(percentile(all, 0.95)),
    'policy.bareP50Us': figure(seen.bare),
    'policy.loadMs': figure(median(loads)),
    'policy.meteringOverhead': figure(seen.metered / seen.bare),
  };
}

function milliseconds(task: () => unknown): number {
  const start = performance.now();
  task();
  return performance.now() - start;
}
