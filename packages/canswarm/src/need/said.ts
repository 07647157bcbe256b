import {
  type Did,
  type EnvelopeId,
  MAIN_TASK,
  type Micro,
  proposalKind,
  type VerifiedEnvelope,
} from '@canswarm/protocol';

/** A bid on a need, as its bidder signed it. */
export interface SaidBid {
  readonly id: EnvelopeId;
  /** Who would do the need's own work; who divides the work and leaves that open speaks for itself. */
  readonly by: Did;
  /** Who planned it and signed the bid; null where the worker did. */
  readonly planner: Did | null;
  readonly price: Micro;
  /** The bid that it improved on, of somebody else; null: none. */
  readonly outbids: EnvelopeId | null;
  readonly etaMs: number;
}

/** A vote of a seat, as it signed it. */
export interface SaidVote {
  readonly seat: Did;
  /** What the committee judges: `plan/NEED/ROUND` or `result/COMMIT`. */
  readonly subject: string;
  readonly ballot: number;
  /** `pass`, `fail`, `undecidable`; on a plan the id of the winning bid, or `none`. */
  readonly verdict: string;
  /** Why it does not pass a result. */
  readonly reasons: readonly string[];
}

/** The bids among envelopes, in their order; of each worker only those that it has not improved since. What a worker only accepts from a planner is none. */
export function bidsIn(envelopes: readonly VerifiedEnvelope[]): readonly SaidBid[] {
  const bids = everyBid(envelopes);
  return bids.filter(
    ({ by, price }) => !bids.some((one) => one.outbids !== null && one.by === by && one.price < price),
  );
}

/** The bids among envelopes, those improved since too. */
export function everyBid(envelopes: readonly VerifiedEnvelope[]): readonly SaidBid[] {
  return envelopes.flatMap(({ id, payload }) => {
    if (payload.verb !== 'PROPOSE') return [];
    const { from, body } = payload;
    const kind = proposalKind(from, body);
    if (kind !== 'bid' && kind !== 'plan') return [];
    const { price, etaMs, outbids } = body;
    const by = body.patch.find(({ task }) => task === MAIN_TASK)?.assignee ?? from;
    return [{ id, by, planner: kind === 'plan' ? from : null, price, outbids, etaMs }];
  });
}

/** The votes among envelopes, in their order. */
export const votesIn = (envelopes: readonly VerifiedEnvelope[]): readonly SaidVote[] => envelopes.flatMap(votesOf);

function votesOf({ payload }: VerifiedEnvelope): readonly SaidVote[] {
  const { from: seat } = payload;
  switch (payload.verb) {
    case 'ATTEST_PLAN': {
      const { need, round, ballot, winner } = payload.body;
      return [{ seat, subject: `plan/${need}/${round}`, ballot, verdict: winner ?? 'none', reasons: [] }];
    }
    case 'ATTEST': {
      const { commit, ballot } = payload.body;
      return [{ seat, subject: `result/${commit}`, ballot, verdict: 'pass', reasons: [] }];
    }
    case 'REJECT': {
      const { commit, ballot, verdict, reasons } = payload.body;
      return [{ seat, subject: `result/${commit}`, ballot, verdict, reasons }];
    }
    case 'JUDGE': {
      const { challenge, instance, ballot, verdict, reasons } = payload.body;
      return [{ seat, subject: `jury/${challenge}/${instance}`, ballot, verdict, reasons }];
    }
    default:
      return [];
  }
}
