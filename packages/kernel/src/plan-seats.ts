import type { Did, Micro, VerifiedEnvelope } from '@canswarm/protocol';
import { freeAccount } from './accounts.ts';
import { mulDivCeil, mulDivFloor } from './amounts.ts';
import type { Context } from './context.ts';
import { largestCommittee } from './draw.ts';
import { planSubject } from './need-life.ts';
import { takeOwnStake } from './stake-exit.ts';
import type { Need, PlanSeat, State } from './state.ts';

/** The seat that an ATTEST_PLAN was cast from; undefined where its sender had none in the round, ballot and draw that it names. */
export function seatOfPlanVote({ id, planSat }: Need, { payload }: VerifiedEnvelope): PlanSeat | undefined {
  if (payload.verb !== 'ATTEST_PLAN' || payload.body.need !== id) return undefined;
  const { round, ballot, draw } = payload.body;
  return planSat.find(
    (seat) => seat.did === payload.from && seat.round === round && seat.ballot === ballot && seat.draw === draw,
  );
}

/** What a seat of a plan reserves nothing for and owes all the same: as much as a result seat at the need's price cap would reserve. */
export function planFault({ params }: State, { body }: Pick<Need, 'body'>): Micro {
  const n = largestCommittee(params.kTarget, 1);
  return mulDivCeil(2, body.priceCap + body.seatFee * n, (n + 1) / 2);
}

/**
 * A plan seat proved dishonest about its vote pays from stake that backs nothing and what unbonds, as far as that goes, once; a part
 * goes to the challenger, the rest is burned. While its committee votes its vote counts no more. Spec: `spec/07-challenges.md`.
 */
export function strikePlanSeat(context: Context, need: Need, seat: PlanSeat, cause: string, challenger: Did): void {
  const { state } = context;
  if (seat.struck) return;
  seat.struck = true;
  const due = planFault(state, need);
  // What is burned goes first and measures the rest: the challenger never gets more than its part of what there was.
  const share = need.body.trial === null ? mulDivFloor(due, state.params.digestChallengerBps, 10_000) : 0;
  const burned = takeOwnStake(context, seat.did, due - share, { code: 'stake_burned', credit: 'burn' });
  const reward = mulDivFloor(burned, share, due - share);
  const shared = takeOwnStake(context, seat.did, reward, { code: 'slash_shared', credit: freeAccount(challenger) });
  context.emit({ type: 'slashed', did: seat.did, amount: burned + shared, cause });
  const committee = state.committees.get(planSubject(need.id, seat.round));
  for (const sitting of committee?.seats ?? []) {
    if (sitting.did !== seat.did || sitting.ballot !== seat.ballot || sitting.status !== 'seated') continue;
    sitting.vote = null;
    sitting.status = 'void';
  }
}
