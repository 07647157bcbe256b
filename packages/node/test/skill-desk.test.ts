import { sodiumCrypto } from '@canswarm/local';
import type { SkillJob, SkillResult, SkillRunner } from '@canswarm/ports';
import { asNeedId, cidOf, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { type Made, SkillDesk } from '../src/skill-desk.ts';

const { sha256 } = sodiumCrypto();
const need = asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256));
const outputs: Made = {
  kind: 'outputs',
  outputs: [],
  telemetry: { wallMs: 1, bytesRead: 0, bytesWritten: 0 },
  trace: null,
  stated: null,
};
// What a job is and gives is nothing to the desk.
const job = {} as SkillJob;

function deskOf() {
  const ends: string[] = [];
  const running: (() => void)[] = [];
  const run: SkillRunner['run'] = () => new Promise((resolve) => running.push(() => resolve({} as SkillResult)));
  const desk = new SkillDesk({
    runner: { run, close: async () => undefined },
    clock: { now: () => 0, schedule: () => () => undefined },
    onEnd: (_, key, ended) => ends.push(`${key} ${ended}`),
    onProgress: () => undefined,
    onLine: () => undefined,
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { desk, ends, running, turn };
}

describe('what a desk knows under one key', () => {
  it('is known under another from then on: a job that runs', async () => {
    const { desk, ends, running, turn } = deskOf();
    desk.start(need, 'early', job, 1, async () => outputs);
    expect(desk.move(need, 'early', 'work')).toBe('running');
    running[0]?.();
    await turn();
    expect([ends, desk.made('early'), desk.made('work')]).toEqual([['work done'], undefined, outputs]);
  });

  it('is known under another from then on: outputs, and nothing else that was made', async () => {
    const { desk, running, turn } = deskOf();
    desk.start(need, 'early', job, 1, async () => outputs);
    desk.start(need, 'failed', job, 1, async () => ({ kind: 'failure', reason: 'no' }));
    for (const end of running) end();
    await turn();
    expect([desk.move(need, 'early', 'work'), desk.made('work')]).toEqual(['done', outputs]);
    expect([desk.move(need, 'early', 'again'), desk.move(need, 'failed', 'again')]).toEqual([null, null]);
  });

  it('is forgotten with its need, but what is to be kept', async () => {
    const { desk, running, turn } = deskOf();
    for (const key of ['work', 'kept']) desk.start(need, key, job, 1, async () => outputs);
    for (const end of running) end();
    await turn();
    desk.drop(need, (key) => key === 'kept');
    expect([desk.made('work'), desk.made('kept')]).toEqual([undefined, outputs]);
    desk.drop(need);
    expect(desk.made('kept')).toBe(undefined);
  });
});
