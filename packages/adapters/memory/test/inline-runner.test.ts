import type { SkillContext, SkillJob, SkillModule } from '@canswarm/ports';
import { asNeedId, cidOf, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { inlineRunner, memoryContent, seededRandom, virtualClock } from '../src/index.ts';
import { sha256 } from './world.ts';

const cid = cidOf(utf8('x'), 'dag-cbor', sha256);
const task = {
  need: asNeedId(cid),
  skill: 's',
  goal: null,
  inputs: [],
  acceptance: cid,
  attempt: 1,
  price: 1,
  timeMs: 1,
};
const job: SkillJob = { action: 'execute', skill: 's', engine: 'e', task };
const never = new AbortController().signal;

function world(execute: (context: SkillContext) => Promise<void>, durationMs = { min: 20, max: 40 }) {
  const clock = virtualClock();
  const module: SkillModule = {
    skill: () => ({
      execute: async (_task, context) => {
        await execute(context);
        return { outputs: [{ cid, leaves: 1 }], trace: null };
      },
    }),
  };
  const random = seededRandom(Uint8Array.of(1), sha256);
  const content = memoryContent(sha256);
  return { clock, runner: inlineRunner({ module, content, clock, random, sha256, durationMs }) };
}

describe('inlineRunner', () => {
  it('gives the result after the drawn time, and says that time', async () => {
    const { clock, runner } = world(async () => {});
    const times = new Set<number>();
    for (let i = 0; i < 30; i += 1) {
      const startMs = clock.now();
      const result = await clock.settled(runner.run(job, { signal: never, deadlineMs: 1000 }));
      const tookMs = clock.now() - startMs;
      expect(result).toHaveProperty('telemetry.wallMs', tookMs);
      times.add(tookMs);
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...times)).toBeLessThanOrEqual(40);
    expect(times.size).toBeGreaterThan(5);
  });

  it('counts the time a skill itself waits', async () => {
    const { clock, runner } = world(() => new Promise((resolve) => clock.schedule(300, resolve)));
    await clock.settled(runner.run(job, { signal: never, deadlineMs: 1000 }));
    expect(clock.now()).toBe(300);
  });

  it('ends at the deadline even when the drawn time is longer, and leaves nothing scheduled', async () => {
    const { clock, runner } = world(async () => {});
    const late = clock.settled(runner.run(job, { signal: never, deadlineMs: 10 }));
    await expect(late).rejects.toMatchObject({ code: 'deadline' });
    expect(clock.now()).toBe(10);
    await clock.runUntil(() => false);
    expect(clock.pending()).toBe(0);
  });

  it('hears nothing from a skill whose job is over', async () => {
    let report: () => void = () => {};
    const { clock, runner } = world(async ({ progress }) => {
      report = () => progress({ done: 1, total: 1, note: 'late' });
    });
    let heard = 0;
    const onProgress = () => {
      heard += 1;
    };
    await clock.settled(runner.run(job, { signal: never, deadlineMs: 1000, onProgress }));
    report();
    expect(heard).toBe(0);
  });
});
