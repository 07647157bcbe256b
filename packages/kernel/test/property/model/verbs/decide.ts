import type { VerifiedEntry, VerifiedEnvelope } from '@canswarm/protocol';
import { auction, capShown, fitPlans } from '../bids.ts';
import { committeeOf, endCommittee, isAnswering, needRow, planName, sitting } from '../committees.ts';
import { kin } from '../delegations.ts';
import { agreed, ballots, freshVotes, isOfEndedLife, record, recordable, voteFaults } from '../evidence.ts';
import { move } from '../ledger.ts';
import { openNeed, payFees, reopenOrExpire } from '../needs.ts';
import type { Part } from '../part.ts';
import { entityOf } from '../people.ts';
import type { PlanBidRow } from '../plan-rows.ts';
import { adopt } from '../plans.ts';
import type { CommitteeRow, Model, NeedRow, VoteRow } from '../tables.ts';

/** What a DECIDE shows: what only a life that ended had is as if it were not there. */
const shownIn = (model: Model, { evidence }: VerifiedEntry): readonly VerifiedEnvelope[] =>
  evidence.envelopes.filter(({ payload }) => !isOfEndedLife(model, payload));

const plansIn = (envelopes: readonly VerifiedEnvelope[]): readonly VerifiedEnvelope[] =>
  envelopes.filter(({ payload }) => payload.verb === 'ATTEST_PLAN');

/** Seats that chose a bid and are related to none who would be paid for it. */
function unrelated(model: Model, committee: CommitteeRow, fresh: ReadonlyMap<string, VoteRow>, bid: PlanBidRow) {
  const own = [bid.planner, ...bid.tasks.map(({ worker }) => worker)].flatMap((did) =>
    did === null ? [] : [entityOf(model, did)],
  );
  const paid = [...own, ...kin(model, own)];
  const chose = ballots(committee, fresh).filter(({ vote }) => vote.verdict === bid.id);
  return chose
    .map(({ seat }) => seat)
    .filter(({ did, entity }) => ![entity, entityOf(model, did)].some((one) => paid.includes(one)));
}

/** A plan costs the fees of all its seats: those that nobody earned are burned. */
function burnOthers(model: Model, need: NeedRow, seats: number): void {
  const amount = seats * need.body.seatFee;
  need.fees -= amount;
  move(model, `escrow/${need.id}`, 'burn', amount);
}

export const decide: Part<'DECIDE'> = {
  verb: 'DECIDE',
  *faults(model, { body, entry }) {
    const need = openNeed(model, body.need);
    if (need === undefined) return yield 'need_unknown';
    if (need.phase !== 'bidding' || need.round !== body.round) return yield 'need_not_open';
    const committee = committeeOf(model, planName(need.id, need.round));
    if (committee === undefined || committee.phase !== 'voting' || !isAnswering(model, committee))
      return yield 'committee_not_voting';
    if (committee.ballot !== body.ballot) yield 'ballot_other';
    const envelopes = shownIn(model, entry);
    const wrong = [...voteFaults(model, committee, plansIn(envelopes))];
    if (wrong.length > 0) return yield* wrong;
    const fresh = freshVotes(model, committee, plansIn(envelopes));
    const winner = agreed(committee, fresh);
    if (winner === 'none') return;
    if (winner === null) {
      if (!recordable(model, committee, fresh)) yield 'votes_too_few';
      return;
    }
    const isSealed = capShown(need, envelopes) === null;
    if (isSealed) yield 'cap_sealed';
    const { lacking, unfit, ranked } = auction(model, need, committee, { winner, fresh }, envelopes);
    const [leader] = ranked;
    if (lacking) yield 'bids_lacking';
    if (isSealed) return;
    if (unfit) yield 'bid_unfit';
    if (lacking || unfit) return;
    if (leader?.id !== winner) yield 'winner_outscored';
    else if (unrelated(model, committee, fresh, leader).length < committee.k) yield 'votes_related';
  },
  follow(model, { body, entry }) {
    const need = needRow(model, body.need);
    const committee = committeeOf(model, planName(need.id, need.round));
    if (committee === undefined) return;
    const envelopes = shownIn(model, entry);
    const fresh = freshVotes(model, committee, plansIn(envelopes));
    const winner = agreed(committee, fresh);
    const before = ballots(committee, fresh);
    record(committee, fresh);
    if (winner === null) return;
    if (winner === 'none') {
      const chose = before.filter(({ vote }) => vote.verdict === 'none').map(({ seat }) => seat.did);
      payFees(model, need, chose, 1);
      burnOthers(model, need, committee.n - chose.length);
      return reopenOrExpire(model, need);
    }
    const { ranked } = auction(model, need, committee, { winner, fresh }, envelopes);
    const [leader] = ranked;
    if (leader === undefined) return;
    const judges = unrelated(model, committee, fresh, leader).map(({ did }) => did);
    payFees(model, need, judges, 1);
    burnOthers(model, need, committee.n - judges.length);
    need.status = 'decided';
    need.adopted.push(winner);
    need.planSeats = sitting(committee).map(({ did }) => did);
    need.planK = committee.k;
    endCommittee(model, committee);
    const cap = capShown(need, envelopes) ?? need.price;
    move(model, `escrow/${need.id}`, `free/${need.requester}`, need.price - cap);
    need.price = cap;
    need.capSealed = false;
    adopt(model, need, fitPlans(model, need, ranked));
  },
};
