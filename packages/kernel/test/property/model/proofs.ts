import type { ChallengeBody, VerifiedEntry, VerifiedEnvelope } from '@canswarm/protocol';
import { planName } from './committees.ts';
import { isOfEndedLife, sealSpoken, spoken } from './evidence.ts';
import { floorOf } from './ledger.ts';
import { rulesAllow } from './policies.ts';
import type { CommitRow, CommitteeRow, Model, NeedRow, SeatRow } from './tables.ts';
import { juryOf } from './verdicts.ts';

/** What a proof is worth; `seat` is who it is against, null if it is against the result. */
export interface Worth {
  readonly upheld: boolean;
  readonly seat: SeatRow | null;
}

/** The record of every result that can be broken. */
export const RECORD = 's/0001';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether two envelopes of one seat are two votes in its ballot and draw, or two heads for one position. */
function contradict(
  model: Model,
  committee: CommitteeRow,
  seat: SeatRow,
  first: VerifiedEnvelope,
  second: VerifiedEnvelope,
): boolean {
  const [a, b] = [first.payload, second.payload];
  const place = ({ head }: typeof a): unknown => [head.incarnation, head.position];
  if (same(place(a), place(b)) && !same([...a.head.digest], [...b.head.digest])) return true;
  if (isOfEndedLife(model, a) || isOfEndedLife(model, b)) return false;
  const due = [committee.subject, seat.ballot, seat.draw];
  const votes = [first, second].map((said) => spoken(said) ?? sealSpoken(said));
  if ((a.verb === 'SEAL') !== (b.verb === 'SEAL')) return false;
  if (!votes.every((said) => said !== null && same([said.subject, said.ballot, said.draw], due))) return false;
  const text = ({ verb, body }: typeof a): string =>
    JSON.stringify([verb, body], (_, value) => (value instanceof Uint8Array ? [...value] : value));
  return text(a) !== text(b);
}

/** Judges an opened challenge by what is so. */
export function proof(
  model: Model,
  commit: CommitRow,
  body: ChallengeBody,
  { envelopes, blocks }: VerifiedEntry['evidence'],
): Worth {
  const claim = body.opening?.claim;
  const jury = juryOf(model, commit);
  const [first, second] = envelopes;
  switch (body.class) {
    case 'wrong_output':
    case 'unavailable':
    case 'semantic_contradiction':
      throw new Error(`${body.class} is for a jury`);
    case 'schema_violation':
    case 'missing_citation': {
      const broken = model.truth.brokenBy(commit.outputs[claim?.output ?? -1]);
      return { upheld: broken === body.class && claim?.key === RECORD && blocks.size > 0, seat: null };
    }
    case 'false_digest': {
      const seat = jury.seats.find(({ vote }) => vote !== null && vote.id === first?.id) ?? null;
      const claims = seat?.vote != null && seat.vote.verdict !== 'undecidable' && (claim?.step ?? 16) < 16;
      return { upheld: claims && blocks.size > 0 && first !== undefined && !model.truth.isHonest(first.id), seat };
    }
    case 'policy_violation': {
      const asked = model.policy?.asked.get(commit.id);
      const stated = model.truth.stated(commit.outputs[0]);
      const isDenied = asked !== undefined && !rulesAllow(asked.policy, asked.question, stated);
      return { upheld: isDenied && blocks.size > 0, seat: null };
    }
    case 'worse_bid':
      return { upheld: false, seat: null };
    case 'equivocation': {
      const seat = jury.seats.find(({ did }) => did === first?.payload.from) ?? null;
      const pair = seat !== null && first !== undefined && second !== undefined && envelopes.length === 2;
      const ours = envelopes.every(({ payload }) => payload.network === model.network && payload.from === seat?.did);
      return { upheld: pair && ours && contradict(model, jury, seat, first, second), seat };
    }
  }
}

/** Who a challenge of votes on a plan is proved against. */
export interface PlanWorth {
  readonly committee: CommitteeRow;
  readonly seat: SeatRow;
}

/** The seat that a vote on a plan was cast from, as the vote itself names it. */
function planSeatOf(model: Model, need: NeedRow, { payload }: VerifiedEnvelope): PlanWorth | null {
  if (payload.verb !== 'ATTEST_PLAN' || (payload.body.need as string) !== need.id) return null;
  const { round, ballot, draw } = payload.body;
  const committee = model.committees.find(({ subject }) => subject === planName(need.id, round));
  const seat = committee?.seats.find((row) => row.did === payload.from && row.ballot === ballot && row.draw === draw);
  return committee === undefined || seat === undefined ? null : { committee, seat };
}

function plainScore({ body }: NeedRow, { payload }: VerifiedEnvelope): number {
  if (payload.verb !== 'PROPOSE') return 0;
  const { priceCap, deadlineMs, scoring } = body;
  const { price, etaMs } = payload.body;
  const saved = floorOf(priceCap - price, 10_000, priceCap);
  const early = floorOf(deadlineMs - etaMs, 10_000, deadlineMs);
  return scoring.priceBps * saved + scoring.etaBps * early;
}

/** Judges an opened challenge of votes on a plan; null where it proves nothing. */
export function planProof(
  model: Model,
  need: NeedRow,
  kind: string,
  envelopes: readonly VerifiedEnvelope[],
): PlanWorth | null {
  const [first, second, third] = envelopes;
  if (first === undefined || second === undefined || first.payload.network !== model.network) return null;
  const place = planSeatOf(model, need, first);
  if (kind === 'worse_bid') {
    const said = first.payload.verb === 'ATTEST_PLAN' ? first.payload.body : null;
    if (place === null || said === null || third === undefined) return null;
    if (said.winner !== second.id || !said.bidsSeen.includes(third.id)) return null;
    const onRound = [second, third].every(
      ({ payload }) =>
        payload.verb === 'PROPOSE' && (payload.body.need as string) === need.id && payload.body.round === said.round,
    );
    if (!onRound) return null;
    // Better by price and time alone, were the winner's worker the best of all and the other's unknown.
    return plainScore(need, third) > plainScore(need, second) + 10_000 * need.body.scoring.reputationBps ? place : null;
  }
  if (envelopes.length !== 2 || second.payload.network !== model.network) return null;
  if (first.payload.from !== second.payload.from) return null;
  const sat = model.committees
    .filter((row) => row.need === need.id && row.commit === null)
    .flatMap((committee) => committee.seats.map((seat) => ({ committee, seat })))
    .find(({ seat }) => seat.did === first.payload.from);
  const point = ({ payload: { head } }: VerifiedEnvelope): unknown => [head.incarnation, head.position];
  const forked =
    same(point(first), point(second)) && !same([...first.payload.head.digest], [...second.payload.head.digest]);
  if (forked && sat !== undefined) return place ?? sat;
  if (isOfEndedLife(model, first.payload) || isOfEndedLife(model, second.payload)) return null;
  const other = planSeatOf(model, need, second);
  if (place === null || other?.seat !== place.seat) return null;
  return same(first.payload.body, second.payload.body) ? null : place;
}
