import { type Cid, type CommitId, type Did, type EnvelopeId, type Micro, type NeedId, toHex } from '@canswarm/protocol';
import { mulDivCeil } from './amounts.ts';
import type { Context } from './context.ts';
import { backing, returnReserve, takeReserve } from './delegations.ts';
import { type CommitteeSize, committeeSize, drawSeats, eligibleEntities } from './draw.ts';
import { hashParts } from './hashing.ts';
import { invariant } from './invariant.ts';
import { drawable } from './policy/divergence.ts';
import { entityOf, poolOf } from './pool.ts';
import { relatedTo } from './relations.ts';
import { burnStanding } from './stake-exit.ts';
import type { Committee, EntityId, Need, PendingDraw, Seat, State, SubjectId } from './state.ts';

/** What a committee is opened for. */
export interface CommitteeRequest {
  readonly subject: SubjectId;
  readonly need: NeedId;
  readonly target: Cid;
  readonly parties: readonly Did[];
  readonly level: number;
  /** Whether its votes are sealed before they are opened. */
  readonly sealed: boolean;
  /** The challenge that it decides, and its size; other committees get theirs by the first draw. */
  readonly jury?: { readonly challenge: EnvelopeId; readonly size: CommitteeSize };
}

/** Opens a committee: its first draw waits for a seed. Returns it. */
export function openCommittee(context: Context, request: CommitteeRequest): Committee {
  const committee = makeCommittee(context.state, request);
  context.state.committees.set(committee.subject, committee);
  requestDraw(context, committee);
  return committee;
}

/** A committee without seats. */
export function makeCommittee(state: State, request: CommitteeRequest): Committee {
  return {
    subject: request.subject,
    need: request.need,
    target: request.target,
    challenge: request.jury?.challenge ?? null,
    drawn: true,
    parties: request.parties,
    excluded: withPresent(state, [], request.parties),
    level: request.level,
    sealed: request.sealed,
    k: request.jury?.size.k ?? 0,
    n: request.jury?.size.n ?? 0,
    relaxed: false,
    phase: 'drawing',
    ballot: 1,
    draw: 0,
    seeds: [],
    seats: [],
    redraws: 0,
    waits: 0,
    halfAt: null,
    verdict: null,
  };
}

/**
 * Asks for a draw of the seats that lack, with the pool of this position. Who is suspended later stays in it: else whoever knows the seed would
 * choose among draws by suspending keys of its own.
 */
export function requestDraw(context: Context, committee: Committee): void {
  const { state, position } = context;
  const { subject, ballot, draw } = committee;
  committee.phase = 'drawing';
  committee.halfAt = null;
  state.timers.cancel(`half:${subject}`);
  state.timers.cancel(`answer:${subject}`);
  const parties = partiesOf(state, committee);
  const excluded = [...parties, ...relatedTo(state, parties)].sort();
  const sat = satBefore(state, committee);
  const pool = drawable(state, poolOf(state));
  const bootstrap = state.bootstrap !== null;
  const reveals = new Map();
  state.pendingDraws.set(subject, { subject, ballot, draw, bootstrap, position, pool, excluded, sat, reveals });
  state.timers.open(`seed:${subject}`, state.params.seedSilencePeriods * state.params.tickMs);
  context.emit({ type: 'draw_pending', subject, ballot, draw });
}

/** Seats that may still vote in the present ballot. */
export const seatedOf = (committee: Committee): readonly Seat[] =>
  committee.seats.filter((seat) => seat.status === 'seated' && seat.ballot === committee.ballot);

/** Seats that a key holds now, over all committees. */
export const seatsOf = ({ committees }: State, did: Did): readonly Seat[] =>
  [...committees.values()].flatMap((committee) => seatedOf(committee).filter((seat) => seat.did === did));

/** Entities with those that these keys belong to now: who gets another credential stays what it was, and is the other too. */
export const withPresent = (state: State, had: readonly EntityId[], keys: readonly Did[]): readonly EntityId[] =>
  [...new Set([...had, ...keys.map((did) => entityOf(state, did))])].sort();

/** Entities of the parties: by what they were when the committee was opened, or are now. */
const partiesOf = (state: State, { excluded, parties }: Committee): readonly EntityId[] =>
  withPresent(state, excluded, parties);

/** Who became related to a party since the draw was asked for does not sit either. */
const relatedNow = (state: State, committee: Committee): readonly EntityId[] =>
  relatedTo(state, partiesOf(state, committee));

/** Entities that sat on the subject, or judged before what a jury judges: by what they were then, or are now. */
const satBefore = (state: State, committee: Committee): readonly EntityId[] =>
  entitiesOf(state, committee.challenge === null ? committee.seats : judgesOf(state, committee));

/** Seats that judged a commit, or a challenge of it in an instance before. */
export const judgesOf = (
  { committees }: State,
  { target, challenge }: { readonly target: Cid; readonly challenge: EnvelopeId | null },
): readonly Seat[] =>
  [...committees.values()]
    .filter((other) => other.subject === `result/${target}` || (challenge !== null && other.challenge === challenge))
    .flatMap(({ seats }) => seats);

/** Entities of seats: by what they were when seated, or are now. */
export const entitiesOf = (state: State, seats: readonly Seat[]): readonly EntityId[] =>
  withPresent(
    state,
    seats.map(({ entity }) => entity),
    seats.map(({ did }) => did),
  );

function needIn({ needs }: State, { need: id, subject }: Committee): Need {
  const need = needs.get(id);
  invariant('INV-COMMITTEE', need !== undefined, `${subject} without need`);
  return need;
}

/** V = price + seat fees; every result seat reserves ceil(2 V / K). Plan seats and jurors reserve nothing. */
function reservePerSeat(context: Context, committee: Committee, size: CommitteeSize): Micro {
  const commit = context.state.commits.get(committee.target as string as CommitId);
  const need = needIn(context.state, committee);
  if (commit === undefined || committee.challenge !== null) return 0;
  return mulDivCeil(2, commit.bid.price + need.body.seatFee * size.n, size.k);
}

export type DrawOutcome = 'seated' | 'waiting';

/** Completes a pending draw with the mix of its reveals; the seats that lack are filled or the subject waits. */
export function completeDraw(context: Context, pending: PendingDraw, committee: Committee): DrawOutcome {
  const { state, sha256 } = context;
  const { subject, ballot, draw, pool } = pending;
  state.pendingDraws.delete(subject);
  state.timers.cancel(`seed:${subject}`);
  const eligible = eligibleEntities(pool, pending.excluded).length;
  const fit = committeeSize(state, pool, { eligible, level: committee.level, bootstrap: pending.bootstrap });
  // Too few wait, a redraw too; else the first completed draw fixed K and n.
  const size = fit === null || committee.k === 0 ? fit : { k: committee.k, n: committee.n, relaxed: committee.relaxed };
  const seed = seedOf(context, pending);
  const seated = seatedOf(committee);
  const reserve = size === null ? 0 : reservePerSeat(context, committee, size);
  const drawn =
    size === null
      ? null
      : drawSeats(
          {
            pool,
            barred: new Set([...pending.excluded, ...pending.sat, ...relatedNow(state, committee)]),
            seated,
            seats: size.n - seated.length,
            caps: seatCaps(state, size.n),
            seed,
            reserve,
            freeStake: (did) => backing(state, did),
          },
          sha256,
        );
  if (size === null || drawn === null) {
    committee.waits += 1;
    context.emit({ type: 'draw_waiting', subject, eligible, waits: committee.waits });
    return 'waiting';
  }
  const need = needIn(state, committee);
  committee.k = size.k;
  committee.n = size.n;
  committee.relaxed = size.relaxed;
  if (size.relaxed) context.emit({ type: 'draw_relaxed', subject, eligible, k: size.k, n: size.n });
  committee.seeds.push({ seed: toHex(seed), position: context.position, asked: pending.position });
  invariant('INV-COMMITTEE', committee.seeds.length === draw + 1, `${subject} has draw ${draw} out of turn`);
  for (const { did, entity, asn, region } of drawn) {
    const shares = takeReserve(context, did, reserve);
    const place = { did, entity, asn, region, ballot, draw };
    committee.seats.push({ ...place, reserved: reserve, shares, status: 'seated', seal: null, vote: null });
    if (need.id === (committee.target as string))
      need.planSat.push({ did, round: need.round, ballot, draw, struck: false });
    context.emit({ type: 'seated', subject, ballot, draw, did, reserved: reserve });
  }
  return 'seated';
}

/** Most seats of a committee of n that one ASN, and one region, may hold. */
const seatCaps = ({ params }: State, n: number): { asn: number; region: number } => ({
  asn: Math.ceil((n * params.asnCapThirds) / 3),
  region: Math.ceil((n * params.regionCapThirds) / 3),
});

/** The seed of a draw: everything that names it, and the reveals in order of `from`. */
function seedOf(context: Context, pending: PendingDraw): Uint8Array {
  const reveals = [...pending.reveals.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  const mix = hashParts(
    context.sha256,
    'can/1/mix',
    reveals.map((reveal) => reveal.preimage),
  );
  const { network, incarnation } = context.state;
  return hashParts(context.sha256, 'can/1/seed', [
    network,
    incarnation,
    pending.subject,
    pending.ballot,
    pending.draw,
    mix,
  ]);
}

/** Starts an answer period of a committee now, with a mark at half of it: for votes, for seals, or for what was sealed. */
export function startAnswers(
  context: Context,
  committee: Committee,
  answerMs: number,
  phase: 'voting' | 'opening' = 'voting',
): void {
  const { state } = context;
  committee.phase = phase;
  committee.halfAt = state.time + Math.ceil(answerMs / 2);
  state.timers.start(`half:${committee.subject}`, committee.halfAt);
  state.timers.start(`answer:${committee.subject}`, state.time + answerMs);
}

/** Gives a seat's reserve back to its stake. */
export function freeReserve(context: Context, committee: Committee, seat: Seat): void {
  if (seat.reserved === 0) return;
  returnReserve(context, seat);
  context.emit({ type: 'seat_freed', subject: committee.subject, did: seat.did });
}

/** A seat that did not vote frees its reserve and is charged. */
export function punishSilence(context: Context, committee: Committee, seat: Seat, fee: Micro): void {
  seat.status = 'silent';
  freeReserve(context, committee, seat);
  chargeSilence(context, committee.subject, seat.did, fee);
}

/**
 * A verifier that owed a vote or a reveal pays a fee from its stake that backs nothing, or unbonds; at `silencesPerEpoch` it is inactive until it joins
 * again. The escrow pays n seats whoever they are, so the fee is burned: nobody gains by the silence of another.
 */
export function chargeSilence(context: Context, subject: SubjectId, did: Did, fee: Micro): void {
  const { state } = context;
  const member = state.members.get(did);
  invariant('INV-COMMITTEE', member !== undefined, `${did} sits without being a member`);
  burnStanding(context, did, fee);
  state.pool = null;
  member.silences += 1;
  context.emit({ type: 'seat_silent', subject, did, silences: member.silences });
  if (member.active && member.silences >= state.params.silencesPerEpoch) {
    member.active = false;
    state.pool = null;
    context.emit({ type: 'member_inactive', did });
  }
}

/** Ends a committee whatever it was doing: no draw, no timer, no reserve of seats without a settled vote remains. */
export function endCommittee(context: Context, committee: Committee): void {
  const { state } = context;
  committee.phase = 'over';
  committee.halfAt = null;
  state.pendingDraws.delete(committee.subject);
  for (const kind of ['seed', 'seats', 'half', 'answer', 'bidding'] as const)
    state.timers.cancel(`${kind}:${committee.subject}`);
  for (const seat of committee.seats) freeReserve(context, committee, seat);
  state.committees.delete(committee.subject);
}
