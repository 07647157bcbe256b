import { network, type OpenNetwork } from 'canswarm';
import { figure, percentile } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import agent from './noop-agent.ts';

const WARM_UP = 3;
const COUNTED = 30;
/** Hires under way at once, those that warm up, and those that are counted. */
const AT_ONCE = 24;
const WARM_UP_MANY = 24;
const COUNTED_MANY = 96;

/** From `hire` to a final result, of a skill that does nothing, in a network in this process with everything on disk. */
export async function hireBench(say: (line: string) => void): Promise<Metrics> {
  const net = await network({ agents: [new URL('./noop-agent.ts', import.meta.url)] });
  try {
    const overheads: number[] = [];
    let waitMs = 0;
    for (let index = 0; index < WARM_UP + COUNTED; index += 1) {
      const hired = await hireOnce(net);
      waitMs = hired.waitMs;
      if (index >= WARM_UP) overheads.push(hired.tookMs - waitMs);
    }
    const perSecond = await manyAtOnce(net);
    say(`agents: ${COUNTED} hires one by one, ${COUNTED_MANY} of ${AT_ONCE} at once`);
    return {
      'hire.overheadMs.p50': figure(percentile(overheads, 0.5)),
      'hire.overheadMs.p99': figure(percentile(overheads, 0.99)),
      'hire.windowsMs': waitMs,
      'hire.perSecond': figure(perSecond),
    };
  } finally {
    await net.close();
  }
}

async function hireOnce(net: OpenNetwork): Promise<{ readonly tookMs: number; readonly waitMs: number }> {
  const from = performance.now();
  const work = await net.hire(agent.skills.noop, {}, { budget: 1 });
  await work.result();
  const tookMs = performance.now() - from;
  work.close();
  return { tookMs, waitMs: work.waitMs };
}

async function manyAtOnce(net: OpenNetwork): Promise<number> {
  let [begun, done, from, to] = [0, 0, 0, 0];
  const next = async (): Promise<void> => {
    while (begun < WARM_UP_MANY + COUNTED_MANY) {
      begun += 1;
      await hireOnce(net);
      done += 1;
      if (done === WARM_UP_MANY) from = performance.now();
      to = performance.now();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return COUNTED_MANY / ((to - from) / 1_000);
}
