import { type EnvelopeId, type Sha256, sameFence, type VerifiedEnvelope } from '@canswarm/protocol';
import { seatedOf } from '../committee.ts';
import { planSubject, resultSubject } from '../need-life.ts';
import { readPlanVote } from '../rules/plan-vote.ts';
import { readResultVote } from '../rules/result-vote.ts';
import { groundsOf } from '../scoring.ts';
import { opensSeal, readSeal } from '../seals.ts';
import type { Committee, Need, Seat, State } from '../state.ts';
import { judgeHeadOf } from '../votes.ts';
import type { SharedDuty, View } from './duty.ts';
import { type Fresh, freshVotes, halfPassed } from './fresh.ts';
import { reconcileDuty } from './heal.ts';
import { rulingDuties } from './jury.ts';
import { suspendDuties } from './suspend.ts';

/** What anyone may do for a need now: DECIDE, RELEASE, CERTIFY, FINALIZE, RECONCILE, SUSPEND. */
export function sharedDuties(state: State, view: View, need: Need, sha256: Sha256): readonly SharedDuty[] {
  return [
    ...decideDuty(state, view, need),
    ...releaseDuty(state, view, need),
    ...commitDuties(state, view, need, sha256),
    ...reconcileDuty(state, view, need),
    ...suspendDuties(state, view, need),
  ];
}

function decideDuty(state: State, view: View, need: Need): readonly SharedDuty[] {
  const committee = state.committees.get(planSubject(need.id, need.round));
  if (need.phase !== 'bidding' || committee === undefined || committee.phase !== 'voting') return [];
  const votes = evidenceVotes(
    state,
    committee,
    freshVotes(state, committee, view.votes(need.id, need.id), readPlanVote),
  );
  if (votes === null) return [];
  const proposals = new Map(view.proposals(need.id, need.round).map((proposal) => [proposal.id, proposal]));
  const shown = new Set<EnvelopeId>();
  const recorded = seatedOf(committee).flatMap((seat) => seat.vote?.bids ?? []);
  const fresh = votes.flatMap(({ payload }) => (payload.verb === 'ATTEST_PLAN' ? payload.body.bidsSeen : []));
  const show = (id: EnvelopeId): void => {
    const proposal = proposals.get(id);
    if (proposal === undefined || shown.has(id)) return;
    shown.add(id);
    for (const ground of groundsOf(proposal)) show(ground);
  };
  for (const id of [...recorded, ...fresh]) show(id);
  const bids = [...shown].map((id) => proposals.get(id)).filter((bid) => bid !== undefined);
  const openings = openingsOf(view, need, bids);
  const { id, round } = need;
  const { ballot } = committee;
  const key = `decide/${id}/${round}/${ballot}`;
  const first = seatedOf(committee).map((seat) => seat.did);
  // Seats that a decision leaves out are not paid.
  const complete = votes.length === seatedOf(committee).filter(({ vote }) => vote === null).length;
  const evidence = [...votes, ...bids, ...openings];
  return [{ key, first, complete, type: 'decide', need: id, round, ballot, evidence }];
}

/** What shows that bids were sealed, and the cap that was. */
function openingsOf(view: View, need: Need, bids: readonly VerifiedEnvelope[]): readonly VerifiedEnvelope[] {
  if (need.body.auction === 'open' || bids.length === 0) return [];
  const bidders = new Set(bids.map(({ payload }) => payload.from));
  const seals = view.bidSeals(need.id, need.round).filter(({ payload }) => bidders.has(payload.from));
  const cap = need.capSealed ? view.capOpening(need.id) : null;
  return cap === null ? seals : [...seals, cap];
}

/**
 * Unrecorded votes worth an entry: those of a verdict that reaches K with the recorded ones; else, from half the answer
 * period on, all of them. Null when an entry would be refused.
 */
function evidenceVotes(
  state: State,
  committee: Committee,
  fresh: readonly Fresh[],
): readonly VerifiedEnvelope[] | null {
  if (fresh.length === 0) return null;
  const counts = new Map<string, number>();
  const recorded = seatedOf(committee).flatMap(({ vote }) => (vote === null ? [] : [vote]));
  for (const { verdict } of [...recorded, ...fresh]) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  // Besides those that agree, which are paid, those that passed what does not stand: a proof against it is one against them.
  if (committee.phase === 'certified')
    return fresh
      .filter(({ verdict }) => verdict === committee.verdict || verdict === 'pass')
      .map(({ envelope }) => envelope);
  for (const [verdict, count] of counts) {
    if (count >= committee.k) return fresh.filter((vote) => vote.verdict === verdict).map((vote) => vote.envelope);
  }
  return halfPassed(state, committee) ? fresh.map((vote) => vote.envelope) : null;
}

function releaseDuty(state: State, view: View, need: Need): readonly SharedDuty[] {
  const { lease } = need;
  if (lease === null) return [];
  const votes = new Map<string, VerifiedEnvelope>();
  for (const miss of view.misses(need.id, lease.attempt)) {
    const { payload } = miss;
    if (payload.verb !== 'MISS' || !need.planSeats.includes(payload.from)) continue;
    const { need: named, attempt, fence } = payload.body;
    if (named !== need.id || attempt !== lease.attempt || !sameFence(fence, lease.fence)) continue;
    if (judgeHeadOf(state, miss, lease.touched)) votes.set(payload.from, miss);
  }
  if (votes.size < need.planK) return [];
  const { attempt, fence } = lease;
  const key = `release/${need.id}/${attempt}/${lease.touched}`;
  return [
    {
      key,
      first: need.planSeats,
      complete: true,
      type: 'release',
      need: need.id,
      attempt,
      fence,
      evidence: [...votes.values()],
    },
  ];
}

function commitDuties(state: State, view: View, need: Need, sha256: Sha256): readonly SharedDuty[] {
  const duties: SharedDuty[] = [];
  for (const id of need.commits) {
    const commit = state.commits.get(id);
    const committee = state.committees.get(resultSubject(id));
    if (commit === undefined || committee === undefined) continue;
    if (['voting', 'opening'].includes(committee.phase) || lateVotesWelcome(state, committee)) {
      const votes = certifiable(state, committee, view.votes(need.id, id), sha256);
      if (votes !== null && votes.length > 0) {
        const first = seatedOf(committee).map((seat) => seat.did);
        const open = seatedOf(committee).filter(
          (seat) => (isSealing(committee) ? seat.seal : seat.vote) === null,
        ).length;
        duties.push({
          key: `certify/${id}/${committee.ballot}/${committee.phase}`,
          first,
          complete: votes.length === open,
          type: 'certify',
          need: need.id,
          commit: id,
          ballot: committee.ballot,
          evidence: votes,
        });
      }
    }
    duties.push(...rulingDuties(state, view, need, commit));
    const open = state.challenges.get(id)?.length ?? 0;
    if (commit.verdict === 'pass' && commit.windowClosed && !commit.final && open === 0) {
      const first = [commit.bid.worker, need.requester];
      duties.push({ key: `finalize/${id}`, first, complete: true, type: 'finalize', need: need.id, commit: id });
    }
  }
  return duties;
}

/** What CERTIFY may bring now: seals while they are gathered, then votes. Null when it would be refused. */
function certifiable(
  state: State,
  committee: Committee,
  heard: readonly VerifiedEnvelope[],
  sha256: Sha256,
): readonly VerifiedEnvelope[] | null {
  if (isSealing(committee)) {
    const done = ({ seal }: Seat): boolean => seal !== null;
    const seals = freshVotes(state, committee, heard, readSeal, done);
    const all = seatedOf(committee).filter(done).length + seals.length === committee.n;
    return seals.length > 0 && (all || halfPassed(state, committee)) ? seals.map(({ envelope }) => envelope) : null;
  }
  const votes = freshVotes(state, committee, heard, readResultVote);
  const due = votes.filter(({ seat, envelope }) => opensSeal(committee, seat, envelope, sha256));
  return evidenceVotes(state, committee, due);
}

const isSealing = ({ sealed, phase }: Committee): boolean => sealed && phase === 'voting';

/** After a certificate, votes that agree are recorded while the answer period runs, so that their seats are paid. */
const lateVotesWelcome = (state: State, committee: Committee): boolean =>
  committee.phase === 'certified' && state.timers.started.has(`answer:${committee.subject}`);
