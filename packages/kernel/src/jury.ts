import type { CommitId, Did, EnvelopeId, Micro } from '@canswarm/protocol';
import { type CommitteeRequest, entitiesOf, judgesOf, makeCommittee, openCommittee, withPresent } from './committee.ts';
import type { Context } from './context.ts';
import { type CommitteeSize, eligibleEntities } from './draw.ts';
import { invariant } from './invariant.ts';
import { needOf, resultSubject } from './need-life.ts';
import { drawable } from './policy/divergence.ts';
import { entityOf, poolOf, UNVERIFIED } from './pool.ts';
import { relatedTo } from './relations.ts';
import type { Challenge, Commit, Committee, Dispute, Seat, State, SubjectId } from './state.ts';

export const jurySubject = (challenge: EnvelopeId, instance: number): SubjectId => `jury/${challenge}/${instance}`;
export const appealTimer = (challenge: EnvelopeId) => `appeal:${challenge}` as const;

/** A challenge that is before a jury. */
export type Disputed = Challenge & { dispute: Dispute };

/** Disputes over a commit, in order of sealing. */
export const disputesOver = ({ challenges }: State, commit: CommitId): readonly Disputed[] =>
  (challenges.get(commit) ?? []).filter((challenge): challenge is Disputed => challenge.dispute !== null);

/** The dispute of this name over a commit. */
export function disputeOf(state: State, commit: string, challenge: EnvelopeId): Disputed | undefined {
  const found = state.challenges.get(commit as CommitId)?.find(({ id }) => id === challenge);
  return found?.dispute == null ? undefined : (found as Disputed);
}

/** The dispute that a jury or arbiters hear. */
export function disputeBefore(state: State, { target, challenge, subject }: Committee): Disputed {
  const found = challenge === null ? undefined : disputeOf(state, target, challenge);
  invariant('INV-DISPUTE', found !== undefined, `${subject} hears no dispute`);
  return found;
}

/** Who hears an instance of a dispute: a jury to be drawn, or arbiters. */
export type Hearing =
  | ({ readonly by: 'jury' } & CommitteeSize)
  | ({ readonly by: 'arbiters'; readonly dids: readonly Did[] } & CommitteeSize);

interface Case {
  readonly commit: Commit;
  /** The dispute, or null for a challenge that only asks whether it could be heard. */
  readonly challenge: Challenge | null;
  /** Who challenges or appeals now. */
  readonly asker: Did;
}

/** Requester, worker and planner, and who challenged or appealed: they hear nothing of it. */
function partiesTo(state: State, { commit, challenge, asker }: Case): readonly Did[] {
  const { worker, planner } = commit.bid;
  const before = challenge === null ? [] : [challenge.challenger];
  const appellants = challenge?.dispute?.appeals.map(({ appellant }) => appellant) ?? [];
  const all = [needOf(state, commit.need).requester, worker, ...(planner === null ? [] : [planner])];
  return [...new Set([...all, ...before, ...appellants, asker])];
}

/** The size of the jury of an instance: each is larger by two votes than the one before, the first than the committee that judged. */
function jurySize(state: State, commit: Commit, instance: number): CommitteeSize {
  const k = (state.committees.get(resultSubject(commit.id))?.k ?? 0) + 2 * instance;
  return { k, n: 2 * k - 1 };
}

/**
 * Who can hear an instance with the pool of now: a jury while juries are left and enough entities did not sit, else arbiters
 * that are no party; null where there is nobody. Spec: `spec/07-challenges.md`, juries.
 */
export function hearingOf(state: State, about: Case, instance: number): Hearing | null {
  const parties = partiesTo(state, about);
  const before = judgesOf(state, { target: about.commit.id, challenge: about.challenge?.id ?? null });
  if (instance <= 1 + state.params.maxAppeals) {
    const size = jurySize(state, about.commit, instance);
    const entities = withPresent(state, [], parties);
    const eligible = eligibleEntities(drawable(state, poolOf(state)), [...entities, ...relatedTo(state, entities)]);
    const sat = entitiesOf(state, before);
    const fresh = eligible.filter(({ entity }) => !sat.includes(entity)).length;
    if (eligible.length >= state.params.minEligible && fresh >= size.n) return { by: 'jury', ...size };
  }
  return arbitersFor(state, parties, before);
}

/**
 * The arbiters that are no party and of no organisation of one or related to one, and neither judged this before nor are of an organisation that
 * did. A majority of them decides.
 */
function arbitersFor(state: State, parties: readonly Did[], before: readonly Seat[]): Hearing | null {
  // Keys that nobody vouches for are not related by that.
  const entities = parties.map((did) => entityOf(state, did)).filter((entity) => entity !== UNVERIFIED);
  const barred = new Set([...entities, ...relatedTo(state, entities), ...entitiesOf(state, before)]);
  barred.delete(UNVERIFIED);
  const involved = new Set([...parties, ...before.map(({ did }) => did)]);
  const dids = state.arbiters.filter((did) => !involved.has(did) && !barred.has(entityOf(state, did)));
  return dids.length === 0 ? null : { by: 'arbiters', dids, k: Math.floor(dids.length / 2) + 1, n: dids.length };
}

/** A dispute as it goes on, asked for by its challenger or by who appeals now. */
export const caseOf = (commit: Commit, challenge: Challenge, asker = challenge.challenger): Case => ({
  commit,
  challenge,
  asker,
});

/** What the seats of an instance are paid. */
export const hearingFees = (state: State, commit: Commit, { n }: CommitteeSize): Micro =>
  needOf(state, commit.need).body.seatFee * n;

/** The instance that an appeal of now would be heard by, and the bond of that; null where none can be had. */
export function nextHearing(
  state: State,
  commit: Commit,
  challenge: Disputed,
): { readonly by: Hearing['by']; readonly bond: Micro } | null {
  const hearing = hearingOf(state, caseOf(commit, challenge), challenge.dispute.instance + 1);
  return hearing === null ? null : { by: hearing.by, bond: hearingFees(state, commit, hearing) };
}

/** Opens the present instance of a dispute: a jury is drawn, or the arbiters may answer from the next TICK on. */
export function openInstance(context: Context, commit: Commit, challenge: Disputed, hearing: Hearing): void {
  const { state, position } = context;
  const { instance } = challenge.dispute;
  const { by, k, n } = hearing;
  context.emit({ type: 'instance_opened', challenge: challenge.id, instance, seats: n, by });
  const request: CommitteeRequest = {
    subject: jurySubject(challenge.id, instance),
    need: commit.need,
    target: commit.id,
    parties: partiesTo(state, caseOf(commit, challenge)),
    level: commit.level,
    sealed: false,
    jury: { challenge: challenge.id, size: { k, n } },
  };
  if (hearing.by === 'jury') {
    openCommittee(context, request);
    return;
  }
  const committee: Committee = { ...makeCommittee(state, request), drawn: false, phase: 'voting' };
  committee.seeds.push({ seed: '', position, asked: position });
  for (const did of hearing.dids) {
    const seat = { did, entity: entityOf(state, did), asn: 0, region: '', ballot: 1, draw: 0, reserved: 0 };
    committee.seats.push({ ...seat, shares: [], status: 'seated', seal: null, vote: null });
    context.emit({ type: 'seated', subject: committee.subject, ballot: 1, draw: 0, did, reserved: 0 });
  }
  state.committees.set(committee.subject, committee);
  state.timers.open(`answer:${committee.subject}`, state.params.arbiterMs);
}

/** Committees that heard a dispute or hear it. */
export const instancesOf = ({ committees }: State, challenge: EnvelopeId): readonly Committee[] =>
  [...committees.values()].filter((committee) => committee.challenge === challenge);

/** The size of a first jury of a commit, for the bond that pays it. */
export const firstJury = (state: State, commit: Commit): CommitteeSize => jurySize(state, commit, 1);
