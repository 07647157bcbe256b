import type { Said } from '@canswarm/node';
import type { NeedId } from '@canswarm/protocol';
import { type Attack, at, counted, FLOOD, some, UNDISTURBED_MS } from './stage.ts';

/** A plan vote that nobody bid. */
export const planVote = (need: NeedId, draw: number): Said => ({
  verb: 'ATTEST_PLAN',
  body: { need, round: 1, ballot: 1, draw, winner: null, bidsSeen: [], policyDigest: null },
});

export const votesForNothing: Attack = {
  name: 'a seat votes in hundreds of draws that never were',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'seated', ({ did, subject }) => {
      const signer = world.network.byDid(did)?.identity.signer;
      const need = subject.split('/')[1] as NeedId;
      if (signer !== undefined) evil.publish(some((index) => evil.sign(signer, planVote(need, index + 1), need)));
    });
  },
};

export const votesOfStrangers: Attack = {
  name: 'hundreds vote who have no seat',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil } = stage;
    at(stage, 'need_opened', ({ need }) => {
      evil.publish(some(() => evil.sign(evil.stranger(), planVote(need, 0), need)));
    });
  },
  expect: (stage, report) =>
    report.check('hundreds vote who have no seat: none is kept', counted(stage, 'ingress.dropped.not_seated') >= FLOOD),
};
