import type { Did, EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { equalBytes } from '@canswarm/protocol';
import { seatedOf } from './committee.ts';
import { type Context, isRejection, type Rejection, reject } from './context.ts';
import { digestAt, isOfEndedLife } from './history.ts';
import { diverges } from './policy/divergence.ts';
import { readCause } from './policy/measured-work.ts';
import type { Committee, RecordedVote, Seat, State, SubjectId } from './state.ts';

/** A vote as an entry brings it. */
export interface Vote {
  readonly seat: Seat;
  readonly envelope: VerifiedEnvelope;
  /** `pass`, `fail`, `undecidable`; for a plan the winner's id or `none`. */
  readonly verdict: string;
  readonly bids: readonly EnvelopeId[];
}

/** What a vote envelope says; of a seal, `verdict` is the seal. */
export interface Said {
  readonly subject: SubjectId;
  readonly ballot: number;
  readonly draw: number;
  readonly verdict: string;
  readonly bids: readonly EnvelopeId[];
}

/** Reads what a vote envelope says, or null when it is no vote on such a subject. */
export type VoteReader = (envelope: VerifiedEnvelope) => Said | null;

/**
 * The votes an entry brings for a committee, in order. Every one must be by a seat of the present ballot, bind its
 * draw, and name a point of our history at or after that draw. Those of seats that are `done` are left out.
 */
export function readVotes(
  context: Context,
  committee: Committee,
  envelopes: readonly VerifiedEnvelope[],
  read: VoteReader,
  done: (seat: Seat) => boolean = (seat) => seat.vote !== null,
): Rejection | readonly Vote[] {
  const seats = new Map(seatedOf(committee).map((seat) => [seat.did, seat]));
  const seen = new Set<Did>();
  const votes: Vote[] = [];
  for (const envelope of envelopes) {
    const { from } = envelope.payload;
    const said = read(envelope);
    if (said === null) return reject('vote_not_vote', { verb: envelope.payload.verb, from });
    const seat = seats.get(from);
    if (said.subject !== committee.subject) return reject('vote_other_subject', { from, named: said.subject });
    if (seat === undefined) return reject('vote_not_seated', { from });
    if (said.ballot !== seat.ballot || said.draw !== seat.draw) {
      return reject('vote_not_seated', { from, ballot: said.ballot, draw: said.draw, seatedIn: seat.draw });
    }
    if (seen.has(from)) return reject('vote_twice', { from });
    const head = judgeHead(context, envelope, committee.seeds[seat.draw]?.position ?? 0);
    if (isRejection(head)) return head;
    if (diverges(context.state, envelope)) return reject('vote_policy_other', { from });
    seen.add(from);
    if (!done(seat)) votes.push({ seat, envelope, verdict: said.verdict, bids: said.bids });
  }
  return votes;
}

/** An envelope in evidence is of this network, its head anywhere in our history, at or after `earliest`. */
export function judgeHead(
  context: Pick<Context, 'state'>,
  envelope: VerifiedEnvelope,
  earliest: number,
): Rejection | Record<never, never> {
  const { head, from, network } = envelope.payload;
  const { state } = context;
  if (network !== state.network) return reject('network_other', { from, network });
  // What an ended life shares with this one is our history; what it had beyond is not.
  const isOther = head.incarnation > state.incarnation || isOfEndedLife(state, envelope.payload);
  if (isOther || head.position > state.position) {
    return reject('vote_head_forked', { from, incarnation: head.incarnation, position: head.position });
  }
  if (head.position < earliest) return reject('vote_head_early', { from, position: head.position, earliest });
  const digest = digestAt(state, head.position);
  if (digest !== undefined && !equalBytes(digest, head.digest)) {
    return reject('vote_head_forked', { from, position: head.position });
  }
  return {};
}

/** Whether the head of an envelope would be accepted in evidence now. */
export const judgeHeadOf = (state: State, envelope: VerifiedEnvelope, earliest: number): boolean =>
  !isRejection(judgeHead({ state }, envelope, earliest));

/** Recorded votes of the present ballot together with new ones. */
export function allVotes(committee: Committee, fresh: readonly Vote[]): readonly Omit<Vote, 'envelope'>[] {
  const recorded = seatedOf(committee).flatMap((seat) => (seat.vote === null ? [] : [{ seat, ...seat.vote }]));
  return [...recorded, ...fresh];
}

/** Recorded and new votes, counted by verdict. */
export function countVotes(committee: Committee, fresh: readonly Vote[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { verdict } of allVotes(committee, fresh)) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}

/** The verdict that has K votes, or null. At most one can: n = 2K - 1. */
export function decidedVerdict(committee: Committee, counts: ReadonlyMap<string, number>): string | null {
  for (const [verdict, count] of counts) if (count >= committee.k) return verdict;
  return null;
}

/** Why a vote fails a result, where that is what its work took. */
export function causeOf({ payload }: VerifiedEnvelope): Pick<RecordedVote, 'cause'> {
  const cause = payload.verb === 'REJECT' && payload.body.verdict === 'fail' ? readCause(payload.body.reasons) : null;
  return cause === null ? {} : { cause: cause.code };
}

/** Writes votes into their seats. */
export function recordVotes(context: Context, committee: Committee, votes: readonly Vote[]): void {
  const { position } = context;
  for (const { seat, envelope, verdict, bids } of votes)
    seat.vote = { id: envelope.id, verdict, bids, position, ...causeOf(envelope) };
  const matching = Math.max(0, ...countVotes(committee, []).values());
  context.emit({ type: 'votes_recorded', subject: committee.subject, count: votes.length, matching });
}
