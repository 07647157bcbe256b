import {
  type ChallengeBody,
  type ChallengeClaim,
  type ChallengeClass,
  type CommitId,
  isJuryClass,
  toHex,
  type VerifiedEntry,
} from '@canswarm/protocol';
import { challengeBondAccount, freeAccount } from '../accounts.ts';
import {
  type ChallengeTarget,
  challengedNeed,
  challengesOf,
  endChallenge,
  liveOf,
  loseBond,
  openingTimer,
  resumeSettlement,
  returnBond,
  sealBond,
} from '../challenges.ts';
import { type Context, type Effect, type Rejection, reject } from '../context.ts';
import { invariant } from '../invariant.ts';
import { caseOf, type Disputed, firstJury, hearingOf, openInstance } from '../jury.ts';
import { transfer } from '../ledger.ts';
import { strikePlanSeat } from '../plan-seats.ts';
import { freeBalance } from '../pool.ts';
import { proofBond } from '../proofs/cost.ts';
import { judgeProof } from '../proofs/proof.ts';
import { sealOf } from '../proofs/seal.ts';
import type { Challenge, Commit, State } from '../state.ts';
import { overturn, strikePassing, strikeSeat } from '../verdict.ts';
import type { Rule } from './rule.ts';

/** CHALLENGE: first a seal with a bond, then the opening, judged at once or by a jury. Spec: `spec/07-challenges.md`. */
export const judgeChallenge: Rule<'CHALLENGE'> = (context, { entry, payload }) => {
  const { state } = context;
  const { subject } = payload.body;
  const commit = state.commits.get(subject as CommitId) ?? null;
  const need = challengedNeed(state, subject);
  // 1 challenge_subject: a commit or a need that is not settled
  if (need === undefined) return reject('challenge_subject', { subject });
  const target = { commit, need };
  return payload.body.opening === null
    ? judgeSeal(context, entry, payload.body, target)
    : judgeOpening(context, entry, payload.body, target);
};

/**
 * A result that passed may be challenged in its window; votes as long as their seats are not paid, those that passed a result which did
 * not stand too; votes on a plan as long as the need pays.
 */
function windowOpen(state: State, kind: ChallengeClass, { commit, need }: ChallengeTarget): boolean {
  if (commit === null)
    return (
      (kind === 'equivocation' || kind === 'worse_bid') &&
      (need.phase !== 'final' || need.commits.length + need.children.length > 0)
    );
  if (kind === 'worse_bid') return false;
  if (kind === 'equivocation' || kind === 'false_digest') return !commit.holdPassed;
  if (commit.verdict !== 'pass') return commit.verdict !== null && !isJuryClass(kind) && !commit.holdPassed;
  return need.phase === 'verified' && !commit.windowClosed && !commit.overturned && state.commits.has(commit.id);
}

function judgeSeal(
  context: Context,
  entry: VerifiedEntry,
  body: ChallengeBody,
  target: ChallengeTarget,
): Rejection | Effect {
  const { state, position } = context;
  const { id, payload } = entry.envelope;
  const challenger = payload.from;
  const seal = toHex(body.seal);
  // 2 challenge_window
  if (!windowOpen(state, body.class, target)) {
    return reject('challenge_window', {
      class: body.class,
      verdict: target.commit?.verdict ?? null,
      windowClosed: target.commit?.windowClosed ?? null,
    });
  }
  const live = state.challenges.get(body.subject) ?? [];
  // 3 seal_taken: by this key; another's copy opens nothing and takes nothing away
  if (live.some((challenge) => challenge.seal === seal && challenge.challenger === challenger))
    return reject('seal_taken', { seal });
  // 4 jury_lacking: for a class that a jury decides, one can be had now, or arbiters
  const asked = { challenge: null, asker: challenger };
  if (
    isJuryClass(body.class) &&
    target.commit !== null &&
    hearingOf(state, { ...asked, commit: target.commit }, 1) === null
  )
    return reject('jury_lacking', { instance: 1 });
  // 5 too_many_open: of one key over all subjects
  const open = liveOf(state, challenger);
  if (open >= state.params.maxSealsPerKey) return reject('too_many_open', { open, most: state.params.maxSealsPerKey });
  // 6 funds_lacking: the bond is free
  const bond = sealBond(state, body.class, target, live.length);
  const free = freeBalance(state, challenger);
  if (free < bond) return reject('funds_lacking', { free, bond });
  return () => {
    const first = challengesOf(state, body.subject, body.class).length === 0;
    const challenge = { id, position, subject: body.subject, class: body.class, challenger, seal, bond, dispute: null };
    state.challenges.set(body.subject, [...live, challenge]);
    transfer(context, {
      code: 'challenge_bond',
      debit: freeAccount(challenger),
      credit: challengeBondAccount(id),
      amount: bond,
    });
    context.emit({ type: 'challenge_sealed', subject: body.subject, class: body.class, challenger });
    if (first) state.timers.open(openingTimer(id), state.params.openingMs);
  };
}

function judgeOpening(
  context: Context,
  entry: VerifiedEntry,
  body: ChallengeBody,
  target: ChallengeTarget,
): Rejection | Effect {
  const { state } = context;
  const challenger = entry.envelope.payload.from;
  const seal = toHex(body.seal);
  const live = challengesOf(state, body.subject, body.class);
  const challenge = live.find((candidate) => candidate.seal === seal && candidate.challenger === challenger);
  // 7 seal_unknown: sealed by this key, and what is opened is what was sealed
  if (challenge === undefined || sealOf(entry.envelope, context.sha256) !== seal)
    return reject('seal_unknown', { seal });
  // 8 seal_earlier: the earliest seal of a class opens first
  if (live[0] !== challenge) return reject('seal_earlier', { earlier: live[0]?.seal ?? null });
  // 9 seal_opened: it is not before a jury already
  if (challenge.dispute !== null) return reject('seal_opened', { instance: challenge.dispute.instance });
  const { class: kind, opening } = body;
  const { commit } = target;
  if (isJuryClass(kind)) {
    // Only commits are sealed for a jury.
    invariant('INV-DISPUTE', commit !== null, `${challenge.id} is about no commit`);
    return () => openDispute(context, commit, challenge, opening?.claim);
  }
  // 10 funds_lacking: what judging the proof costs is free, whatever comes of it
  const cost = proofBond(state.params, { class: kind, commit }, entry.evidence);
  const free = freeBalance(state, challenger);
  if (free < cost) return reject('funds_lacking', { free, bond: cost });
  const proof = judgeProof(context, { ...target, body: { ...body, class: kind }, evidence: entry.evidence });
  return () => {
    const { subject } = challenge;
    const credit = challengeBondAccount(challenge.id);
    transfer(context, { code: 'challenge_bond', debit: freeAccount(challenger), credit, amount: cost });
    context.emit({
      type: 'challenge_judged',
      subject,
      class: kind,
      challenger,
      upheld: proof.upheld,
      reason: proof.reason,
    });
    if (proof.upheld) returnBond(context, challenge);
    else loseBond(context, challenge);
    endChallenge(context, challenge);
    if (proof.upheld && proof.seat !== null) strikeSeat(context, target.need, proof.seat, kind, challenger);
    if (proof.upheld && proof.planSeat !== null) strikePlanSeat(context, target.need, proof.planSeat, kind, challenger);
    if (proof.upheld && proof.seat === null && commit !== null) {
      if (commit.verdict === 'pass') return overturn(context, commit, challenge);
      strikePassing(context, commit, kind, challenger);
    }
    resumeSettlement(context, subject);
  };
}

/** What no block proves is for a jury to decide, or for arbiters where none can be had. */
function openDispute(context: Context, commit: Commit, challenge: Challenge, claim: ChallengeClaim | undefined): void {
  const { state } = context;
  const { id, subject, class: kind, challenger } = challenge;
  invariant('INV-DISPUTE', claim !== undefined, `${id} is opened without a claim`);
  state.timers.cancel(openingTimer(id));
  const disputed: Disputed = Object.assign(challenge, { dispute: { claim, instance: 1, ruling: null, appeals: [] } });
  context.emit({ type: 'dispute_opened', subject, challenge: id, class: kind, challenger });
  const none = { by: 'jury', ...firstJury(state, commit) } as const;
  openInstance(context, commit, disputed, hearingOf(state, caseOf(commit, disputed), 1) ?? none);
}
