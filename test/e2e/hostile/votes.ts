import type { Said } from '@canswarm/node';
import type { EnvelopeId, NeedId } from '@canswarm/protocol';
import { type Attack, at, counted, FLOOD, some, UNDISTURBED_MS } from './stage.ts';

/** A plan vote that nobody bid. */
export const planVote = (need: NeedId, draw: number): Extract<Said, { verb: 'ATTEST_PLAN' }> => ({
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

/** A seat that tells some of the nodes one vote and some another: a bystander that hears both proves it, and the need goes on. */
export const votesTwice: Attack = {
  name: 'a seat votes twice on a plan',
  withinMs: UNDISTURBED_MS + 1_000,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'seated', ({ did, subject, draw }) => {
      const signer = world.network.byDid(did)?.identity.signer;
      const need = subject.split('/')[1] as NeedId;
      if (signer === undefined) return;
      const nobody = planVote(need, draw);
      const other = { ...nobody.body, winner: need as string as EnvelopeId, bidsSeen: [need as string as EnvelopeId] };
      const somebody: Said = { verb: 'ATTEST_PLAN', body: other };
      evil.publish([evil.sign(signer, nobody, need), evil.sign(signer, somebody, need)]);
    });
  },
  expect({ seen }, report) {
    const [first] = seen.events('seated');
    const struck = seen.events('slashed').filter(({ did, cause }) => did === first?.did && cause === 'equivocation');
    report.check(
      'a seat votes twice on a plan: it is proved and pays, once',
      struck.length === 1,
      `${struck.length} times`,
    );
    report.check('a seat votes twice on a plan: nobody else pays', seen.events('slashed').length === 1);
  },
};
