import { toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import type { RejectionCode } from '../../../src/context.ts';
import { sitting } from './committees.ts';
import type { CommitteeRow, Model, VoteRow } from './tables.ts';

/** What is wrong with the frame of an envelope in evidence, which must lie at or after `earliest`. */
export function* frameFaults(model: Model, { payload }: VerifiedEnvelope, earliest: number): Iterable<RejectionCode> {
  const { network, head } = payload;
  if (network !== model.network) yield 'network_other';
  const due = model.heads[head.position];
  const isKept = head.position >= model.headsFrom;
  if (head.incarnation !== model.genesis.incarnation || due === undefined || (isKept && due !== toHex(head.digest)))
    yield 'vote_head_forked';
  if (head.position < earliest) yield 'vote_head_early';
}

interface Spoken {
  readonly subject: string;
  readonly ballot: number;
  readonly draw: number;
  readonly verdict: string;
  readonly bids: readonly string[];
}

/** What a vote says; null for what is none. */
export function spoken({ payload }: VerifiedEnvelope): Spoken | null {
  if (payload.verb === 'ATTEST_PLAN') {
    const { need, round, ballot, draw, winner, bidsSeen } = payload.body;
    return { subject: `plan/${need}/${round}`, ballot, draw, verdict: winner ?? 'none', bids: bidsSeen };
  }
  if (payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') return null;
  const { commit, ballot, draw } = payload.body;
  const verdict = payload.verb === 'ATTEST' ? 'pass' : payload.body.verdict;
  return { subject: `result/${commit}`, ballot, draw, verdict, bids: [] };
}

/** What is wrong with votes on what a committee judges. */
export function* voteFaults(
  model: Model,
  committee: CommitteeRow,
  votes: readonly VerifiedEnvelope[],
): Iterable<RejectionCode> {
  const plan = committee.commit === null;
  for (const vote of votes) {
    const { from, verb } = vote.payload;
    const said = spoken(vote);
    if (said === null || plan !== (verb === 'ATTEST_PLAN')) {
      yield 'vote_not_vote';
      continue;
    }
    const seat = sitting(committee).find(({ did }) => did === from);
    if (said.subject !== committee.subject) yield 'vote_other_subject';
    if (seat?.ballot !== said.ballot || seat.draw !== said.draw) yield 'vote_not_seated';
    if (votes.filter(({ payload }) => payload.from === from).length > 1) yield 'vote_twice';
    if (seat !== undefined) yield* frameFaults(model, vote, committee.drawnAt[seat.draw] ?? 0);
  }
}

/** Votes by seats that have none recorded, as they would be recorded now. */
export function freshVotes(
  model: Model,
  committee: CommitteeRow,
  votes: readonly VerifiedEnvelope[],
): ReadonlyMap<string, VoteRow> {
  const fresh = new Map<string, VoteRow>();
  for (const vote of votes) {
    const said = spoken(vote);
    const { from } = vote.payload;
    const open = sitting(committee).some(({ did, vote: before }) => did === from && before === null);
    if (said === null || !open) continue;
    fresh.set(from, { id: vote.id, verdict: said.verdict, bids: said.bids, position: model.position });
  }
  return fresh;
}

/** Seats with their vote, recorded or fresh. */
export function ballots(committee: CommitteeRow, fresh: ReadonlyMap<string, VoteRow>) {
  return sitting(committee).flatMap((seat) => {
    const vote = seat.vote ?? fresh.get(seat.did);
    return vote === undefined ? [] : [{ seat, vote }];
  });
}

/** What at least K votes say; null when nothing. */
export function agreed(committee: CommitteeRow, fresh: ReadonlyMap<string, VoteRow>): string | null {
  const cast = ballots(committee, fresh);
  const winner = cast.find(
    ({ vote }) => cast.filter((other) => other.vote.verdict === vote.verdict).length >= committee.k,
  );
  return winner?.vote.verdict ?? null;
}

/** Whether votes short of K may be recorded now. */
export const recordable = (model: Model, committee: CommitteeRow, fresh: ReadonlyMap<string, VoteRow>): boolean =>
  fresh.size > 0 && committee.recordFrom !== null && model.time >= committee.recordFrom;

export function record(committee: CommitteeRow, fresh: ReadonlyMap<string, VoteRow>): void {
  for (const seat of sitting(committee)) seat.vote ??= fresh.get(seat.did) ?? null;
}
