import { type PayloadOf, toHex, type VerifiedEnvelope, voteSeal } from '@canswarm/protocol';
import type { RejectionCode } from '../../../src/context.ts';
import { sitting } from './committees.ts';
import { sha256 } from './hash.ts';
import { dueDigest } from './policies.ts';
import type { CommitteeRow, Model, VoteRow } from './tables.ts';

/** Whether an envelope was made in a life that ended, and its head is no point of this history as far as that is kept. */
export function isOfEndedLife(
  { incarnation, heads, headsFrom }: Model,
  { head }: Pick<VerifiedEnvelope['payload'], 'head'>,
): boolean {
  const isShared = head.position >= headsFrom && heads[head.position] === toHex(head.digest);
  return head.incarnation < incarnation && !isShared;
}

/** What is wrong with the frame of an envelope in evidence, which must lie at or after `earliest`. */
export function* frameFaults(model: Model, { payload }: VerifiedEnvelope, earliest: number): Iterable<RejectionCode> {
  const { network, head } = payload;
  if (network !== model.network) yield 'network_other';
  const due = model.heads[head.position];
  const isKept = head.position >= model.headsFrom;
  const isOther = head.incarnation > model.incarnation || isOfEndedLife(model, payload);
  if (isOther || due === undefined || (isKept && due !== toHex(head.digest))) yield 'vote_head_forked';
  if (head.position < earliest) yield 'vote_head_early';
}

/** A vote names the digest of what was asked about what it is about. */
export function* digestFaults(model: Model, { payload }: VerifiedEnvelope): Iterable<RejectionCode> {
  if (payload.verb !== 'ATTEST_PLAN' && payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') return;
  if (namesOther(model, payload)) yield 'vote_policy_other';
}

/** Whether a vote names another evaluation than the law's own. */
export function namesOther(
  model: Model,
  { verb, body }: PayloadOf<'ATTEST_PLAN'> | PayloadOf<'ATTEST'> | PayloadOf<'REJECT'>,
): boolean {
  const due = dueDigest(model, verb === 'ATTEST_PLAN' ? body.need : body.commit);
  return due !== (body.policyDigest === null ? null : toHex(body.policyDigest));
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
  if (payload.verb === 'JUDGE') {
    const { challenge, instance, ballot, draw, verdict } = payload.body;
    return { subject: `jury/${challenge}/${instance}`, ballot, draw, verdict, bids: [] };
  }
  if (payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') return null;
  const { commit, ballot, draw } = payload.body;
  const verdict = payload.verb === 'ATTEST' ? 'pass' : payload.body.verdict;
  return { subject: `result/${commit}`, ballot, draw, verdict, bids: [] };
}

const castingVerbs = ({ commit, challenge }: CommitteeRow): readonly string[] => {
  if (commit === null) return ['ATTEST_PLAN'];
  return challenge === null ? ['ATTEST', 'REJECT'] : ['JUDGE'];
};

/** What a seal says: its verdict is the seal. */
export function sealSpoken({ payload }: VerifiedEnvelope): Spoken | null {
  if (payload.verb !== 'SEAL') return null;
  const { commit, ballot, draw, seal } = payload.body;
  return { subject: `result/${commit}`, ballot, draw, verdict: toHex(seal), bids: [] };
}

/** Whether seals are gathered, and no votes. */
export const isSealing = ({ sealed, phase }: CommitteeRow): boolean => sealed && phase === 'voting';

/** What a vote must have been sealed as: who says what, hashed. Null where it shows no salt. */
export function sealDue({ payload }: VerifiedEnvelope): string | null {
  if ((payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') || payload.body.salt === null) return null;
  return toHex(voteSeal(payload.from, payload, sha256));
}

/** What is wrong with seals of a committee's votes, or with what is shown instead. */
function* sealFaults(
  model: Model,
  committee: CommitteeRow,
  seals: readonly VerifiedEnvelope[],
): Iterable<RejectionCode> {
  for (const seal of seals) {
    const { from, verb } = seal.payload;
    const said = sealSpoken(seal);
    if (verb === 'ATTEST' || verb === 'REJECT') yield 'seals_due';
    else if (said === null) yield 'vote_not_vote';
    else yield* placeFaults(model, committee, seals, { from, said, envelope: seal });
  }
}

function* placeFaults(
  model: Model,
  committee: CommitteeRow,
  all: readonly VerifiedEnvelope[],
  { from, said, envelope }: { from: string; said: Spoken; envelope: VerifiedEnvelope },
): Iterable<RejectionCode> {
  const seat = sitting(committee).find(({ did }) => did === from);
  if (said.subject !== committee.subject) yield 'vote_other_subject';
  if (seat?.ballot !== said.ballot || seat.draw !== said.draw) yield 'vote_not_seated';
  if (all.filter(({ payload }) => payload.from === from).length > 1) yield 'vote_twice';
  if (seat !== undefined) yield* frameFaults(model, envelope, committee.drawnAt[seat.draw] ?? 0);
  yield* digestFaults(model, envelope);
}

/** What is wrong with votes, or seals of votes, on what a committee judges. */
export function* voteFaults(
  model: Model,
  committee: CommitteeRow,
  votes: readonly VerifiedEnvelope[],
): Iterable<RejectionCode> {
  if (isSealing(committee)) return yield* sealFaults(model, committee, votes);
  for (const vote of votes) {
    const { from, verb } = vote.payload;
    const said = spoken(vote);
    if (said === null || !castingVerbs(committee).includes(verb)) {
      yield 'vote_not_vote';
      continue;
    }
    yield* placeFaults(model, committee, votes, { from, said, envelope: vote });
    const seat = sitting(committee).find(({ did }) => did === from);
    if (seat !== undefined && seat.vote === null && sealDue(vote) !== seat.seal) yield 'vote_seal_other';
  }
}

/** Seals by seats that have none recorded, by who laid them. */
export function freshSeals(committee: CommitteeRow, seals: readonly VerifiedEnvelope[]): ReadonlyMap<string, string> {
  const open = sitting(committee).filter(({ seal }) => seal === null);
  return new Map(
    seals.flatMap((envelope) => {
      const said = sealSpoken(envelope);
      const { from } = envelope.payload;
      return said !== null && open.some(({ did }) => did === from) ? [[from, said.verdict] as const] : [];
    }),
  );
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

/** Whether votes or seals short of what is due may be recorded now. */
export const recordable = (model: Model, committee: CommitteeRow, fresh: ReadonlyMap<string, unknown>): boolean =>
  fresh.size > 0 && committee.recordFrom !== null && model.time >= committee.recordFrom;

export function record(committee: CommitteeRow, fresh: ReadonlyMap<string, VoteRow>): void {
  for (const seat of sitting(committee)) seat.vote ??= fresh.get(seat.did) ?? null;
}
