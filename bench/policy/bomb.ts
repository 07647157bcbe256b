import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { opaEngine, opaPolicy } from '@canswarm/policy-opa';
import type { LoadedPolicy } from '@canswarm/ports';
import { figure, median, percentile } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { readBase } from './base-policy.ts';

const ROUNDS = 9;
const TURNS = 2_000;
const encoder = new TextEncoder();

/** How long a turn of a node's loop takes at the 99th percentile while a stranger's policy uses up its gas beside, over one without. */
export async function bombBench(): Promise<Metrics> {
  const { program, inputs } = readBase();
  const own = opaPolicy(program);
  const engine = opaEngine();
  const suite = new URL('../../packages/ports/src/compliance/policy-engine/suite.wasm', import.meta.url);
  const bomb = await engine.load({
    wasm: new Uint8Array(readFileSync(suite)),
    parameters: encoder.encode('{"word":"bond"}'),
    builtins: ['sprintf'],
    gas: 100_000_000,
    memoryBytes: 67_108_864,
  });
  const turnsOf = async (): Promise<number> => {
    const times: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const start = performance.now();
      own.decide(inputs[turn % inputs.length] ?? new Uint8Array());
      await setImmediate();
      times.push(performance.now() - start);
    }
    return percentile(times, 0.99);
  };
  await turnsOf();
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await turnsOf());
    const stop = keepBusy(bomb);
    beside.push(await turnsOf());
    await stop();
  }
  await engine.close();
  return {
    'policy.nodeP99Us': figure(median(alone) * 1000),
    'policy.bombNodeP99Us': figure(median(beside) * 1000),
    'policy.bombNodeP99Ratio': figure(median(beside) / median(alone)),
  };
}

/** Has the bomb go off again and again until it is stopped. */
function keepBusy(bomb: LoadedPolicy): () => Promise<void> {
  let going = true;
  const input = encoder.encode('{"task":"spin","number":1000}');
  const run = (async () => {
    while (going) {
      const { reasons } = await bomb.evaluate(input);
      if (reasons[0]?.code !== 'out_of_gas') throw new Error('the bomb does not use up its gas');
    }
  })();
  return async () => {
    going = false;
    await run;
  };
}
