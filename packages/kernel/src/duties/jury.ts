import type { VerifiedEnvelope } from '@canswarm/protocol';
import { seatedOf } from '../committee.ts';
import { type Disputed, disputesOver, jurySubject } from '../jury.ts';
import { readJuryVote } from '../rules/jury-vote.ts';
import type { Commit, Committee, Need, State } from '../state.ts';
import type { Me, OwnDuty, SharedDuty, View } from './duty.ts';
import { freshVotes, halfPassed } from './fresh.ts';

/** Names this node's own look at a disputed result by one key. */
export const hearingKey = (challenge: string, did: string): string => `hear/${challenge}/${did}`;

const answering = ({ timers }: State, { subject }: Committee): boolean => timers.started.has(`answer:${subject}`);

/**
 * A juror looks at a disputed result by itself, then says what it found. It cannot tell whether parts of it contradict one another, and
 * says that. Arbiters are people: they speak by hand.
 */
export function juryDuties(state: State, view: View, me: Me, need: Need, commit: Commit): readonly OwnDuty[] {
  if (!me.verifies) return [];
  return disputesOver(state, commit.id).flatMap((challenge): readonly OwnDuty[] => {
    const { id, dispute, class: kind } = challenge;
    const { instance } = dispute;
    const committee = state.committees.get(jurySubject(id, instance));
    if (committee?.drawn !== true || !answering(state, committee)) return [];
    const seat = seatedOf(committee).find((candidate) => candidate.did === me.did);
    if (seat === undefined || seat.vote !== null) return [];
    const hearing = hearingKey(id, me.did);
    const done = kind === 'semantic_contradiction' ? 'done' : view.work(need.id, hearing);
    if (done === 'none') return [{ key: hearing, type: 'hear', commit: commit.id, challenge: id }];
    const { ballot, draw } = seat;
    const key = `vote/${committee.subject}/${ballot}/${draw}/${me.did}`;
    if (done === 'running' || view.signedAt(need.id, key) !== null) return [];
    return [{ key, type: 'judge', commit: commit.id, challenge: id, instance, ballot, draw }];
  });
}

/** INVALIDATE or DISMISS: votes of jurors, or of arbiters, that decide or may be recorded. */
export function rulingDuties(state: State, view: View, need: Need, commit: Commit): readonly SharedDuty[] {
  return disputesOver(state, commit.id).flatMap((challenge) => rulingDuty(state, view, need, commit, challenge));
}

function rulingDuty(
  state: State,
  view: View,
  need: Need,
  commit: Commit,
  { id, dispute }: Disputed,
): readonly SharedDuty[] {
  const committee = state.committees.get(jurySubject(id, dispute.instance));
  if (committee === undefined || !answering(state, committee)) return [];
  const fresh = freshVotes(state, committee, view.votes(need.id, id), readJuryVote);
  if (fresh.length === 0) return [];
  const recorded = seatedOf(committee).flatMap(({ vote }) => (vote === null ? [] : [vote]));
  const said = (verdict: string): number => [...recorded, ...fresh].filter((vote) => vote.verdict === verdict).length;
  const due = ['uphold', 'dismiss'].find((verdict) => said(verdict) >= committee.k) ?? null;
  const ruled = committee.phase === 'certified' ? committee.verdict : due;
  if (ruled === null && !halfPassed(state, committee)) return [];
  const evidence: readonly VerifiedEnvelope[] = fresh
    .filter(({ verdict }) => ruled === null || verdict === ruled)
    .map(({ envelope }) => envelope);
  if (evidence.length === 0) return [];
  const first = seatedOf(committee).map((seat) => seat.did);
  const open = seatedOf(committee).filter((seat) => seat.vote === null).length;
  const { ballot, phase } = committee;
  return [
    {
      key: `rule/${committee.subject}/${ballot}/${phase}`,
      first,
      complete: !committee.drawn || evidence.length === open,
      type: 'rule',
      ruling: ruled === 'uphold' ? 'uphold' : 'dismiss',
      need: need.id,
      commit: commit.id,
      challenge: id,
      ballot,
      evidence,
    },
  ];
}
