import type { Said } from '@canswarm/node';
import { type Did, type EnvelopeId, type NeedId, wholeTask } from '@canswarm/protocol';
import { CREDIT } from 'canswarm';
import { type Attack, at, counted, FLOOD, some, UNDISTURBED_MS } from './stage.ts';

const bid = (
  need: NeedId,
  assignee: Did,
  planner: Did | null,
  price = CREDIT,
  acceptance: EnvelopeId | null = null,
): Extract<Said, { verb: 'PROPOSE' }> => ({
  verb: 'PROPOSE',
  body: {
    need,
    round: 1,
    base: 0,
    price,
    etaMs: 1_000,
    planner,
    outbids: null,
    salt: null,
    patch: [wholeTask(assignee, price, acceptance)],
  },
});

export const bidsOfStrangers: Attack = {
  name: 'strangers bid by the hundred',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil } = stage;
    at(stage, 'need_opened', ({ need }) => {
      const strangers = some(() => evil.stranger());
      evil.publish(strangers.map((stranger) => evil.sign(stranger, bid(need, stranger.did, null, 1), need)));
    });
  },
  expect: (stage, report) =>
    report.check('strangers bid by the hundred: none is kept', counted(stage, 'ingress.dropped.bond_lacking') >= FLOOD),
};

export const plansOfStrangers: Attack = {
  name: 'strangers plan with a worker who never agreed',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'need_opened', ({ need }) => {
      const victim = world.network.person('worker-1').did;
      const plans = some(() => evil.stranger()).map((stranger) => {
        return evil.sign(stranger, bid(need, victim, stranger.did, 1, need as string as EnvelopeId), need);
      });
      evil.publish(plans);
    });
  },
};

export const manyPlanners: Attack = {
  name: 'a worker accepts hundreds of planners',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-2').identity;
    at(stage, 'need_opened', ({ need }) => {
      evil.publish(some(() => evil.sign(signer, bid(need, signer.did, evil.stranger().did), need)));
    });
  },
};

/** Cheaper bids that reach some seats before they vote and others after. */
export const lastMomentBids: Attack = {
  name: 'the best bidder underbids itself while seats vote',
  withinMs: UNDISTURBED_MS + 1_300,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-1').identity;
    at(stage, 'bidding_opened', ({ need, closesAt }) => {
      const leftMs = closesAt - world.clock.now() - 5;
      for (let ms = 0; ms < 25; ms += 1) {
        const cheaper = bid(need, signer.did, null, 900_000 - ms);
        world.clock.schedule(leftMs + ms, () => evil.publish([evil.sign(signer, cheaper, need)]));
      }
    });
  },
};

/** Numbers at the edges of what a bid may hold. */
export const boundlessBids: Attack = {
  name: 'bids beyond all measure for a need that pays next to nothing',
  need: { priceCap: 3 },
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-2').identity;
    const planner = world.network.person('planner').identity.signer;
    at(stage, 'need_opened', ({ need }) => {
      for (const price of [0, 1, Number.MAX_SAFE_INTEGER]) {
        evil.publish([
          evil.sign(signer, bid(need, signer.did, null, price), need),
          evil.sign(signer, bid(need, signer.did, planner.did, price), need),
          evil.sign(planner, bid(need, signer.did, planner.did, price, need as string as EnvelopeId), need),
        ]);
      }
      const late = bid(need, signer.did, null, CREDIT);
      const body = { ...late.body, etaMs: Number.MAX_SAFE_INTEGER };
      evil.publish([evil.sign(signer, { ...late, body }, need)]);
    });
  },
};
