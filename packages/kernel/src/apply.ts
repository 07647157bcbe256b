import { equalBytes, type NeedId, type Payload, type Sha256, utf8, type VerifiedEntry } from '@canswarm/protocol';
import { challengedNeed } from './challenges.ts';
import { type Context, type Effect, isRejection, type Rejection, reject } from './context.ts';
import type { KernelEvent } from './events.ts';
import { hashParts } from './hashing.ts';
import { digestAt, extendHistory, oldestHead } from './history.ts';
import { judgePaid } from './log-fees.ts';
import { countSaid } from './policy/count-said.ts';
import type { LoadPolicy, PolicyAnswer } from './policy/network-policy.ts';
import { judgeGate } from './policy/policy-gate.ts';
import { judgeAppeal } from './rules/appeal.ts';
import { judgeCancel } from './rules/cancel.ts';
import { judgeCertify } from './rules/certify.ts';
import { judgeChallenge } from './rules/challenge.ts';
import { judgeClaim } from './rules/claim.ts';
import { judgeCommit } from './rules/commit.ts';
import { judgeConform } from './rules/conform.ts';
import { judgeDecide } from './rules/decide.ts';
import { judgeDelegate } from './rules/delegate.ts';
import { judgeDismiss } from './rules/dismiss.ts';
import { judgeEscrow } from './rules/escrow.ts';
import { judgeFinalize } from './rules/finalize.ts';
import { judgeInvalidate } from './rules/invalidate.ts';
import { judgeJoin } from './rules/join.ts';
import { judgeLeave } from './rules/leave.ts';
import { judgeMint } from './rules/mint.ts';
import { judgeNeed } from './rules/need.ts';
import { judgePlant } from './rules/plant.ts';
import { judgePolicy } from './rules/policy.ts';
import { judgeReconcile } from './rules/reconcile.ts';
import { judgeRelease } from './rules/release.ts';
import { judgeRenew } from './rules/renew.ts';
import { judgeRestart } from './rules/restart.ts';
import { judgeSettle } from './rules/settle.ts';
import { judgeStake } from './rules/stake.ts';
import { judgeSuspend } from './rules/suspend.ts';
import { judgeTick } from './rules/tick.ts';
import { judgeTransfer } from './rules/transfer.ts';
import { judgeUnbond } from './rules/unbond.ts';
import { judgeWithdraw } from './rules/withdraw.ts';
import { judgeYield } from './rules/yield.ts';
import type { State } from './state.ts';

/** What the law made of an entry. */
export type Outcome = { readonly accepted: true } | ({ readonly accepted: false } & Rejection);

export interface Applied {
  readonly position: number;
  readonly outcome: Outcome;
  readonly events: readonly KernelEvent[];
  /** What the policy of the network said; left out where it was not asked. */
  readonly policy?: PolicyAnswer;
}

/**
 * Applies one verified entry: the only function that changes state. A rejected entry changes position and running
 * digest and costs its sender its log fee, nothing else. Deterministic: the same state and bytes give the same outcome, events and digest everywhere.
 * Throws InvariantError when the law itself is broken, or nothing here loads the policy that an entry brings; the caller must stop.
 * Spec: `spec/03-kernel.md`.
 */
export function apply(state: State, entry: VerifiedEntry, sha256: Sha256, load: LoadPolicy | null = null): Applied {
  const events: KernelEvent[] = [];
  const { payload, id } = entry.envelope;
  const context: Context = {
    state,
    sha256,
    load,
    position: state.position + 1,
    rule: payload.verb,
    emit: (event) => void events.push(event),
  };
  const unsigned = judgeSigned(context, entry);
  const judge = (lacking: Rejection | null): Rejection | Effect => {
    const judged = judgeByVerb(context, entry);
    return isRejection(judged) ? judged : (lacking ?? judgeGate(context, entry) ?? judged);
  };
  const judged = unsigned ?? judgePaid(context, entry, judgeThread(state, payload), judge);
  let outcome: Outcome;
  if (isRejection(judged)) {
    outcome = { accepted: false, ...judged };
  } else {
    judged();
    outcome = { accepted: true };
  }
  state.position = context.position;
  if (outcome.accepted) state.accepted.set(id, context.position);
  const counted = outcome.accepted ? 'accepted' : 'rejected';
  countSaid(state, entry, unsigned === null ? counted : 'unsigned', events);
  const said = utf8(JSON.stringify(events));
  state.digest = hashParts(sha256, 'can/1/digest', [state.digest, entry.hash, outcome.accepted ? 1 : 0, said]);
  extendHistory(state);
  const { position, answer } = context;
  return { position, outcome, events, ...(answer === undefined ? {} : { policy: answer }) };
}

/**
 * Preconditions of every entry, in order: that its sender signed it for this log as it is. What it did not costs it nothing, since anybody
 * may have appended it. Codes: `spec/03-kernel.md`, common preconditions 1 to 8.
 */
function judgeSigned(context: Context, entry: VerifiedEntry): Rejection | null {
  const { state } = context;
  const { payload, id } = entry.envelope;
  const { head } = payload;
  if (payload.network !== state.network) return reject('network_other', { network: payload.network });
  if (payload.epoch !== state.epoch) return reject('epoch_other', { epoch: state.epoch });
  if (payload.policy !== null) return reject('policy_unknown', { policy: payload.policy });
  if (head.incarnation !== state.incarnation) return reject('incarnation_other', { incarnation: state.incarnation });
  if (head.position > state.position) return reject('head_ahead', { head: head.position, position: state.position });
  const oldest = oldestHead(state);
  if (head.position < oldest) return reject('head_stale', { head: head.position, oldest });
  const digest = digestAt(state, head.position);
  if (digest === undefined || !equalBytes(digest, head.digest)) return reject('head_forked', { head: head.position });
  const before = state.accepted.get(id);
  if (before !== undefined) return reject('replayed', { position: before });
  return null;
}

/** 9 thread_other. */
function judgeThread(state: State, payload: Payload): Rejection | null {
  const due = threadDue(state, payload);
  return due === undefined || payload.thread === due ? null : reject('thread_other', { thread: payload.thread, due });
}

/** The thread an entry must name: its need, or null for verbs about none; undefined for a commit nobody knows. */
function threadDue(state: State, payload: Payload): NeedId | null | undefined {
  switch (payload.verb) {
    case 'CERTIFY':
    case 'FINALIZE':
    case 'INVALIDATE':
    case 'DISMISS':
    case 'APPEAL':
      return state.commits.get(payload.body.commit)?.need;
    case 'CHALLENGE':
      return challengedNeed(state, payload.body.subject)?.id;
    case 'CANCEL':
    case 'DECIDE':
    case 'CLAIM':
    case 'RENEW':
    case 'YIELD':
    case 'RELEASE':
    case 'COMMIT':
    case 'PLANT':
    case 'RECONCILE':
      return payload.body.need;
    default:
      return null;
  }
}

/** The rule of each verb. */
function judgeByVerb(context: Context, entry: VerifiedEntry): Rejection | Effect {
  const { payload } = entry.envelope;
  switch (payload.verb) {
    case 'NEED':
      return judgeNeed(context, { entry, payload });
    case 'CANCEL':
      return judgeCancel(context, { entry, payload });
    case 'DECIDE':
      return judgeDecide(context, { entry, payload });
    case 'CLAIM':
      return judgeClaim(context, { entry, payload });
    case 'RENEW':
      return judgeRenew(context, { entry, payload });
    case 'YIELD':
      return judgeYield(context, { entry, payload });
    case 'RELEASE':
      return judgeRelease(context, { entry, payload });
    case 'COMMIT':
      return judgeCommit(context, { entry, payload });
    case 'CERTIFY':
      return judgeCertify(context, { entry, payload });
    case 'CHALLENGE':
      return judgeChallenge(context, { entry, payload });
    case 'INVALIDATE':
      return judgeInvalidate(context, { entry, payload });
    case 'DISMISS':
      return judgeDismiss(context, { entry, payload });
    case 'APPEAL':
      return judgeAppeal(context, { entry, payload });
    case 'FINALIZE':
      return judgeFinalize(context, { entry, payload });
    case 'PLANT':
      return judgePlant(context, { entry, payload });
    case 'RECONCILE':
      return judgeReconcile(context, { entry, payload });
    case 'RESTART':
      return judgeRestart(context, { entry, payload });
    case 'SUSPEND':
      return judgeSuspend(context, { entry, payload });
    case 'CONFORM':
      return judgeConform(context, { entry, payload });
    case 'TICK':
      return judgeTick(context, { entry, payload });
    case 'MINT':
      return judgeMint(context, { entry, payload });
    case 'POLICY':
      return judgePolicy(context, { entry, payload });
    case 'TRANSFER':
      return judgeTransfer(context, { entry, payload });
    case 'ESCROW':
      return judgeEscrow(context, { entry, payload });
    case 'SETTLE':
      return judgeSettle(context, { entry, payload });
    case 'STAKE':
      return judgeStake(context, { entry, payload });
    case 'UNBOND':
      return judgeUnbond(context, { entry, payload });
    case 'WITHDRAW':
      return judgeWithdraw(context, { entry, payload });
    case 'DELEGATE':
      return judgeDelegate(context, { entry, payload });
    case 'JOIN':
      return judgeJoin(context, { entry, payload });
    case 'LEAVE':
      return judgeLeave(context, { entry, payload });
    default:
      // verifyEntry lets no gossip verb through
      return reject('verb_not_logged', { verb: payload.verb });
  }
}
