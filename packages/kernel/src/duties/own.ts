import type { LogVerb, Micro } from '@canswarm/protocol';
import { seatedOf } from '../committee.ts';
import { canPayLog, logFee } from '../log-fees.ts';
import { planSubject, resultSubject } from '../need-life.ts';
import { type BondTerms, workBond } from '../need-money.ts';
import { partiesOf } from '../plan/merge.ts';
import { entityOf } from '../pool.ts';
import { takesSeals } from '../sealed-bids.ts';
import type { Commit, Lease, Need, State } from '../state.ts';
import { bondFunds, mayTry } from '../trials.ts';
import { accuseDuties, openDuties } from './accuse.ts';
import { auctionOf, bidKey, improveDuty, unsealDuties } from './auction.ts';
import { canSeal } from './can-seal.ts';
import { disputeDuties } from './dispute.ts';
import { claimDuties, divideDuties } from './divided.ts';
import type { Agenda, Me, OwnDuty, View } from './duty.ts';
import { alternateDuties } from './heal.ts';
import { juryDuties } from './jury.ts';

const NOTHING: Agenda<OwnDuty> = { duties: [], wakeAt: null };

/** What one key may or should do for a need now. */
export function ownDuties(state: State, view: View, me: Me, need: Need, now: number): Agenda<OwnDuty> {
  const duties: OwnDuty[] = [];
  const wakes: number[] = [];
  if (need.phase === 'bidding') {
    const votes = planVoteDuties(state, view, me, need, now);
    duties.push(...bidDuties(state, view, me, need, now), ...unsealDuties(state, view, me, need), ...votes.duties);
    if (votes.wakeAt !== null) wakes.push(votes.wakeAt);
  }
  if (need.phase === 'ready' && isAble(state, me, need)) duties.push(...claimDuties(state, me, need));
  if (need.lease !== null) {
    const agenda =
      need.lease.bid.worker === me.did
        ? workDuties(state, view, me, need, need.lease, now)
        : missDuties(state, view, me, need, need.lease, now);
    duties.push(...agenda.duties);
    if (agenda.wakeAt !== null) wakes.push(agenda.wakeAt);
  }
  for (const id of need.commits) {
    const commit = state.commits.get(id);
    if (commit !== undefined)
      duties.push(
        ...judgeDuties(state, view, me, need, commit),
        ...juryDuties(state, view, me, need, commit),
        ...inspectDuties(state, view, me, need, commit),
        ...disputeDuties(state, view, me, need, commit),
      );
  }
  duties.push(...alternateDuties(state, view, me, need));
  duties.push(...accuseDuties(state, view, me, need), ...openDuties(state, view, me, need));
  const payable = duties.filter((duty) => canPay(state, me, duty));
  return { duties: payable, wakeAt: wakes.length === 0 ? null : Math.min(...wakes) };
}

/** About the least that an entry of a few fields takes, in bytes. */
const ENTRY_BYTES = 512;

/** What a key says in the log of its own accord; its other duties are gossip, or paid by their need. */
const ENTRY_OF: Readonly<Partial<Record<OwnDuty['type'], LogVerb>>> = {
  renew: 'RENEW',
  yield: 'YIELD',
  claim: 'CLAIM',
  challenge: 'CHALLENGE',
  accuse: 'CHALLENGE',
  dispute: 'CHALLENGE',
  open: 'CHALLENGE',
};

/** Nobody does what it cannot pay the log space of: the law would take what is there, for nothing. */
function canPay(state: State, me: Me, { type }: OwnDuty): boolean {
  const verb = ENTRY_OF[type];
  return verb === undefined || canPayLog(state, verb, me.did, ENTRY_BYTES);
}

/** The log space of what a worker may have to say while it holds a task. */
export const workLogSpace = ({ params }: State): Micro => (1 + params.maxRenewals) * logFee(params, 2 * ENTRY_BYTES);

/** What a worker needs to bid: the bond of an attempt, and the log space of it. A trial asks for nothing, so that who has nothing can begin. */
export const workFunds = (state: State, need: BondTerms): Micro =>
  need.body.trial === null ? workBond(state, need) + workLogSpace(state) : 0;

/** Whether a key may and can work on a need. */
const isAble = (state: State, me: Me, need: Need): boolean =>
  mayTry(state, need, me.did) && bondFunds(state, me.did) >= workFunds(state, need);

function bidDuties(state: State, view: View, me: Me, need: Need, now: number): readonly OwnDuty[] {
  const committee = state.committees.get(planSubject(need.id, need.round));
  if (committee === undefined) return [];
  const isSealed = need.body.auction === 'sealed';
  const opens = isSealed ? takesSeals(committee) : committee.phase === 'drawing' || committee.phase === 'bidding';
  if (need.failed.has(me.did) || !isAble(state, me, need)) return [];
  const { id, round } = need;
  const divided = divideDuties(state, view, me, need, opens);
  if (divided !== null) return divided;
  if (me.worksOn.has(need.body.skill)) {
    // What is accepted from a planner others see.
    if (isSealed && me.acceptsPlansOf !== null) return [];
    const key = bidKey(need, me);
    if (view.signedAt(need.id, key) !== null) return improveDuty(state, view, me, need, now);
    return opens ? [{ key, type: 'bid', need: id, round }] : [];
  }
  if (!me.plans || !opens || isSealed || need.body.trial !== null) return [];
  const key = `plan/${id}/${round}/${me.did}`;
  if (view.signedAt(need.id, key) !== null) return [];
  const acceptance = view
    .proposals(id, round)
    .find(({ payload }) => payload.verb === 'PROPOSE' && payload.body.planner === me.did && payload.from !== me.did);
  return acceptance === undefined ? [] : [{ key, type: 'plan', need: id, round, acceptance }];
}

function planVoteDuties(state: State, view: View, me: Me, need: Need, now: number): Agenda<OwnDuty> {
  const committee = state.committees.get(planSubject(need.id, need.round));
  if (!me.verifies || committee === undefined) return NOTHING;
  if (committee.phase !== 'bidding' && committee.phase !== 'voting') return NOTHING;
  const seat = seatedOf(committee).find((candidate) => candidate.did === me.did);
  if (seat === undefined || seat.vote !== null) return NOTHING;
  const rehearsal = rehearsalKey(need.id, me.did);
  const rehearsed = view.work(need.id, rehearsal);
  if (rehearsed === 'none') return { duties: [{ key: rehearsal, type: 'rehearse', need: need.id }], wakeAt: null };
  if (rehearsed === 'running' || committee.phase === 'bidding') return NOTHING;
  const { ballot, draw } = seat;
  const key = `vote/${committee.subject}/${ballot}/${draw}/${me.did}`;
  if (view.signedAt(need.id, key) !== null) return NOTHING;
  const related = seat.entity;
  const { ranked, endsAt } = auctionOf(state, view, need);
  // Nobody is hired for what its own example does not pass.
  const bids = rehearsed === 'failed' ? [] : ranked.slice(0, 1 + state.params.runnersUp);
  const waits = bids.length > 0 || need.body.auction === 'sealed';
  if (waits && endsAt !== null && Math.max(now, state.time) < endsAt) return { duties: [], wakeAt: endsAt };
  const winner = bids[0] ?? null;
  const parties = winner === null ? [] : partiesOf(winner);
  if (parties.some((did) => entityOf(state, did) === related)) return NOTHING;
  const bidsSeen = bids.map((bid) => bid.id);
  const about = { need: need.id, round: need.round, ballot, draw };
  return { duties: [{ key, type: 'vote_plan', ...about, winner: winner?.id ?? null, bidsSeen }], wakeAt: null };
}

/** Names this node's own run of a need's example by one key: failed only if the example does not pass. */
export const rehearsalKey = (need: string, did: string): string => `rehearse/${need}/${did}`;
/** Names this node's own work on an attempt. */
export const workKey = (need: string, attempt: number): string => `work/${need}/${attempt}`;
/** Names this node's own evaluation or inspection of a commit by one key. */
export const evaluationKey = (commit: string, did: string): string => `evaluate/${commit}/${did}`;
export const inspectionKey = (commit: string, did: string): string => `inspect/${commit}/${did}`;

function workDuties(state: State, view: View, me: Me, need: Need, lease: Lease, now: number): Agenda<OwnDuty> {
  const { attempt, fence } = lease;
  const about = { need: need.id, attempt, fence };
  const mark = `${need.id}/${attempt}`;
  const work = view.work(need.id, workKey(need.id, attempt));
  if (work === 'done') return { duties: [{ key: `commit/${mark}`, type: 'commit', ...about }], wakeAt: null };
  const lost = work === 'none' && (!me.worksOn.has(need.body.skill) || !isTimeToBegin(state, lease));
  if (work === 'failed' || lost) return { duties: [{ key: `yield/${mark}`, type: 'yield', ...about }], wakeAt: null };
  const duties: OwnDuty[] =
    work === 'none' ? [{ key: workKey(need.id, attempt), type: 'execute', need: need.id, attempt }] : [];
  const { heartbeatMs } = state.params;
  const last = view.aliveAt(need.id, attempt);
  if (now >= last + heartbeatMs) duties.push({ key: `heartbeat/${mark}/${now}`, type: 'heartbeat', ...about });
  const wakes = [Math.max(now, last) + heartbeatMs];
  if (lease.expiresAt !== null && lease.renewals < state.params.maxRenewals && lease.expiresAt !== need.deadlineAt) {
    const renewAt = lease.expiresAt - Math.floor(lease.durationMs / 3);
    if (now >= renewAt) duties.push({ key: `renew/${mark}/${lease.touched}`, type: 'renew', ...about });
    else wakes.push(renewAt);
  }
  return { duties, wakeAt: Math.min(...wakes) };
}

/**
 * Whether work that is not begun, because its node was away, can still be done: with renewals, more is left than the last third
 * of a lease. Who yields a lease that it cannot keep gets half its bond back, and somebody else begins sooner.
 */
function isTimeToBegin({ time, params }: State, { expiresAt, renewals, durationMs }: Lease): boolean {
  if (expiresAt === null) return true;
  return expiresAt - time + (params.maxRenewals - renewals) * durationMs > Math.floor(durationMs / 3);
}

function missDuties(state: State, view: View, me: Me, need: Need, lease: Lease, now: number): Agenda<OwnDuty> {
  if (!need.planSeats.includes(me.did)) return { duties: [], wakeAt: null };
  const { attempt, fence, touched } = lease;
  const key = `miss/${need.id}/${attempt}/${touched}/${me.did}`;
  const dueAt = view.aliveAt(need.id, attempt) + state.params.heartbeatMs * (state.params.misses + 1);
  if (now < dueAt) return { duties: [], wakeAt: dueAt };
  return {
    duties: view.signedAt(need.id, key) === null ? [{ key, type: 'miss', need: need.id, attempt, fence }] : [],
    wakeAt: null,
  };
}

function judgeDuties(state: State, view: View, me: Me, need: Need, commit: Commit): readonly OwnDuty[] {
  const committee = state.committees.get(resultSubject(commit.id));
  if (!me.verifies || committee === undefined || !['voting', 'opening', 'certified'].includes(committee.phase))
    return [];
  const seat = seatedOf(committee).find((candidate) => candidate.did === me.did);
  if (seat === undefined || seat.vote !== null) return [];
  const { ballot, draw } = seat;
  const place = `${committee.subject}/${ballot}/${draw}/${me.did}`;
  const key = `vote/${place}`;
  const vote: OwnDuty = { key, type: 'vote_result', commit: commit.id, ballot, draw };
  // What was sealed is opened as it was; it needs no other look at the result.
  if (committee.sealed && committee.phase !== 'voting') {
    return seat.seal !== null && view.signedAt(need.id, key) === null ? [vote] : [];
  }
  const evaluation = evaluationKey(commit.id, me.did);
  const done = view.work(need.id, evaluation);
  if (done === 'none') return [{ key: evaluation, type: 'evaluate', commit: commit.id }];
  const due: OwnDuty = committee.sealed ? { ...vote, key: `seal/${place}`, type: 'seal_result' } : vote;
  const made = done === 'done' || done === 'failed';
  return made && view.signedAt(need.id, due.key) === null ? [due] : [];
}

/** Whether a result passed and may be overturned, or did not and was passed by a seat that may still be struck. */
function isWorthALook(state: State, need: Need, { id, verdict, overturned, holdPassed }: Commit): boolean {
  if (verdict === 'pass') return need.phase === 'verified' && !overturned;
  const seats = state.committees.get(resultSubject(id))?.seats ?? [];
  return verdict !== null && !holdPassed && seats.some(({ vote }) => vote?.verdict === 'pass');
}

/** A bystander looks at a result it has no seat for while it may be challenged; a finding is sealed. */
function inspectDuties(state: State, view: View, me: Me, need: Need, commit: Commit): readonly OwnDuty[] {
  if (!me.inspects || !isWorthALook(state, need, commit)) return [];
  const inspection = inspectionKey(commit.id, me.did);
  if (commit.windowClosed) return [];
  const done = view.work(need.id, inspection);
  if (done === 'none') return [{ key: inspection, type: 'inspect', commit: commit.id }];
  const sealed = (state.challenges.get(commit.id) ?? []).some((challenge) => challenge.challenger === me.did);
  return done === 'done' && !sealed && canSeal(state, me, commit.id, 'missing_citation')
    ? [{ key: `challenge/${commit.id}/${me.did}`, type: 'challenge', commit: commit.id }]
    : [];
}
