import { freeAccount, type KernelEvent, trialAccount } from '@canswarm/kernel';
import type { NeedBody } from '@canswarm/protocol';
import { createWorld, quoteCast } from '@canswarm/simulator';
import { CREDIT } from 'canswarm';
import { expect, it } from 'vitest';
import { postQuote } from '../world/post-quote.ts';

it('a worker of a running network that has nothing earns by a trial, and a bonded task frees what was withheld', async () => {
  const cast = quoteCast({ workers: [{ engine: 'honest', priceBps: 5_000 }], inspect: null });
  const poor = cast.map((member) => (member.name.startsWith('worker') ? { ...member, free: 0 } : member));
  const world = createWorld({ seed: 'trials', cast: poor, hosts: 2 });
  const { network, clock } = world;
  const { node } = network.person('requester');
  const worker = poor.find(({ name }) => name.startsWith('worker'));
  if (worker === undefined) throw new Error('nobody works');
  const { did } = network.person(worker.name);
  const events: KernelEvent[] = [];
  node.listen({ onApplied: (applied) => void events.push(...applied.events) });
  network.start();
  const settled = async (body: Partial<NeedBody>): Promise<void> => {
    const before = events.filter(({ type }) => type === 'need_settled').length;
    await postQuote(world, { body });
    const done = (): boolean => events.filter(({ type }) => type === 'need_settled').length > before;
    const { end } = await clock.runUntil(done, { untilMs: clock.now() + 120_000 });
    expect(end).toBe('done');
  };
  const owned = (): readonly number[] => [node.balance(freeAccount(did)), node.balance(trialAccount(did))];
  expect(owned()).toEqual([0, 0]);
  await settled({ trial: 'funded', priceCap: CREDIT });
  const [free = 0, withheld = 0] = owned();
  expect(free).toBeGreaterThan(0);
  expect(withheld).toBe(free);
  await settled({ priceCap: CREDIT / 10, seatFee: CREDIT / 200 });
  const [more = 0, kept = 0] = owned();
  expect(kept).toBe(0);
  expect(more).toBeGreaterThan(free + withheld);
  await network.stop();
});
