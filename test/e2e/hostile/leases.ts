import type { Said } from '@canswarm/node';
import type { Did, NeedId } from '@canswarm/protocol';
import { quoteCast } from '@canswarm/simulator';
import { type Attack, at, some, UNDISTURBED_MS } from './stage.ts';

const stalling = quoteCast({
  workers: [
    { engine: 'stall', priceBps: 5_000 },
    { engine: 'honest', priceBps: 6_000 },
    { engine: 'honest', priceBps: 6_500 },
  ],
});

const heartbeat = (need: NeedId, attempt: number, position: number): Said => ({
  verb: 'HEARTBEAT',
  body: { need, task: 'main', attempt, fence: { incarnation: 1, position }, progress: null },
});

/** A holder that is gone: others claim that it lives, again and again. */
export const falseLife: Attack = {
  name: 'heartbeats of those who hold nothing, and one of the holder over and over',
  cast: stalling,
  withinMs: UNDISTURBED_MS + 5_000,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-1').identity;
    world.network.person('worker-1').identity.lifeless = true;
    at(stage, 'lease_granted', ({ need, attempt }, state) => {
      const position = state.needs.get(need)?.lease?.fence.position ?? 0;
      const old = evil.sign(signer, heartbeat(need, attempt, position), need);
      evil.publish([old]);
      const again = (): void => {
        // New bytes each time for what nobody accepts; the same bytes of the holder's, after the memory of them is flooded.
        evil.publish([
          ...some((index) => evil.sign(evil.stranger(), heartbeat(need, index, position), need), 40),
          evil.sign(world.network.person('worker-2').identity.signer, heartbeat(need, attempt, position), need),
          evil.sign(signer, heartbeat(need, 1_000, position), need),
          evil.sign(signer, heartbeat(need, attempt, position + 1), need),
          old,
        ]);
        if (world.network.person('requester').node.state.needs.get(need)?.attempt === attempt)
          world.clock.schedule(500, again);
      };
      again();
    });
  },
  expect: ({ seen }, report) => {
    const lost = seen.events('lease_lost').map((event) => event.reason);
    report.check(
      'heartbeats of those who hold nothing: the holder is released',
      lost.join() === 'released',
      lost.join(),
    );
  },
};

/** A plan seat whose own vote would spoil the evidence for a RELEASE. */
export const spoiltMiss: Attack = {
  name: 'a plan seat misses another lease in the same breath',
  cast: stalling,
  withinMs: UNDISTURBED_MS + 5_000,
  prepare(stage) {
    const { evil, world } = stage;
    world.network.person('worker-1').identity.lifeless = true;
    at(stage, 'lease_granted', ({ need, attempt }, state) => {
      const position = state.needs.get(need)?.lease?.fence.position ?? 0;
      const seat = world.network.byDid(state.needs.get(need)?.planSeats[0] as Did);
      if (seat === undefined) return;
      const miss = (other: NeedId, incarnation: number): Said => ({
        verb: 'MISS',
        body: { need: other, task: 'main', attempt, fence: { incarnation, position }, interval: 3 },
      });
      const { signer } = seat.identity;
      world.clock.schedule(100, () => {
        evil.publish([
          evil.sign(signer, miss(need, 2), need),
          evil.sign(signer, miss(need.replace(/.$/, 'a') as NeedId, 1), need),
        ]);
      });
    });
  },
  expect: ({ seen }, report) => {
    const refused = seen.course.filter(
      ({ outcome }) => !outcome.accepted && 'code' in outcome && outcome.code === 'miss_unfit',
    );
    report.check(
      'a plan seat misses another lease: no RELEASE is spoilt',
      refused.length === 0,
      `${refused.length} are`,
    );
    const lost = seen.events('lease_lost').map((event) => event.reason);
    report.check('a plan seat misses another lease: the holder is released', lost.join() === 'released', lost.join());
  },
};
