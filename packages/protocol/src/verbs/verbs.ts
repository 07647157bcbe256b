import type { Codec, TypeOf } from '../codec/codec.ts';
import {
  delegateBody,
  escrowBody,
  joinBody,
  leaveBody,
  mintBody,
  policyBody,
  settleBody,
  stakeBody,
  transferBody,
  unbondBody,
  withdrawBody,
} from './account.ts';
import {
  attestPlanBody,
  cancelBody,
  decideBody,
  needBody,
  openCapBody,
  plantBody,
  proposeBody,
  sealBidBody,
} from './bidding.ts';
import { conformBody, suspendBody } from './diverge.ts';
import { alternateBody, reconcileBody } from './heal.ts';
import { claimBody, heartbeatBody, missBody, releaseBody, renewBody, yieldBody } from './lease.ts';
import { attestStateBody, restartBody } from './life.ts';
import {
  appealBody,
  attestBody,
  certifyBody,
  challengeBody,
  commitBody,
  dismissBody,
  finalizeBody,
  invalidateBody,
  judgeBody,
  rejectBody,
  sealBody,
} from './result.ts';
import { reportBody, tickBody } from './time.ts';

/** How a verb travels and what goes with it. */
export interface VerbSpec<T = unknown> {
  /** `log`: decided by order; `gossip`: only persuades, and enters the log as evidence of other verbs */
  readonly plane: 'log' | 'gossip';
  /** whether `thread` names a root need; where not it is null */
  readonly threaded: boolean;
  readonly evidence: 'none' | 'optional' | 'required';
  readonly body: Codec<T>;
}

const gossip = <T>(threaded: boolean, body: Codec<T>) =>
  ({ plane: 'gossip', threaded, evidence: 'none', body }) as const;
const log = <T>(threaded: boolean, body: Codec<T>, evidence: VerbSpec['evidence'] = 'none') =>
  ({ plane: 'log', threaded, evidence, body }) as const;

/** Every verb of this version (`spec/02-envelopes.md`, verbs). */
export const VERBS = {
  NEED: log(false, needBody),
  REPORT: gossip(false, reportBody),
  CANCEL: log(true, cancelBody),
  SEAL_BID: gossip(true, sealBidBody),
  PLANT: log(true, plantBody),
  PROPOSE: gossip(true, proposeBody),
  OPEN_CAP: gossip(true, openCapBody),
  ATTEST_PLAN: gossip(true, attestPlanBody),
  DECIDE: log(true, decideBody, 'required'),
  CLAIM: log(true, claimBody),
  HEARTBEAT: gossip(true, heartbeatBody),
  MISS: gossip(true, missBody),
  RENEW: log(true, renewBody),
  YIELD: log(true, yieldBody),
  RELEASE: log(true, releaseBody, 'required'),
  COMMIT: log(true, commitBody),
  SEAL: gossip(true, sealBody),
  ATTEST: gossip(true, attestBody),
  REJECT: gossip(true, rejectBody),
  CERTIFY: log(true, certifyBody, 'required'),
  CHALLENGE: log(true, challengeBody, 'optional'),
  JUDGE: gossip(true, judgeBody),
  INVALIDATE: log(true, invalidateBody, 'required'),
  DISMISS: log(true, dismissBody, 'required'),
  APPEAL: log(true, appealBody),
  FINALIZE: log(true, finalizeBody),
  ALTERNATE: gossip(true, alternateBody),
  RECONCILE: log(true, reconcileBody, 'required'),
  ATTEST_STATE: gossip(false, attestStateBody),
  RESTART: log(false, restartBody, 'required'),
  SUSPEND: log(false, suspendBody, 'required'),
  CONFORM: log(false, conformBody, 'optional'),
  TICK: log(false, tickBody, 'required'),
  MINT: log(false, mintBody),
  POLICY: log(false, policyBody, 'required'),
  TRANSFER: log(false, transferBody),
  ESCROW: log(false, escrowBody),
  SETTLE: log(false, settleBody),
  STAKE: log(false, stakeBody),
  UNBOND: log(false, unbondBody),
  WITHDRAW: log(false, withdrawBody),
  DELEGATE: log(false, delegateBody),
  JOIN: log(false, joinBody),
  LEAVE: log(false, leaveBody),
} as const;

export type Verb = keyof typeof VERBS;
/** The body of each verb. */
export type Bodies = { readonly [V in Verb]: TypeOf<(typeof VERBS)[V]['body']> };
export type LogVerb = { [V in Verb]: (typeof VERBS)[V]['plane'] extends 'log' ? V : never }[Verb];
export type GossipVerb = Exclude<Verb, LogVerb>;

export const isVerb = (name: string): name is Verb => Object.hasOwn(VERBS, name);
export const isLogVerb = (verb: Verb): verb is LogVerb => VERBS[verb].plane === 'log';

/** The table row of a verb, for code that treats all alike. */
export const verbSpec = (verb: Verb): VerbSpec => VERBS[verb];
