import type { Sha256 } from '@canswarm/protocol';
import type { KernelEvent } from './events.ts';
import type { LoadPolicy, PolicyAnswer } from './policy/network-policy.ts';
import type { State } from './state.ts';

/** What a rule sees while one entry is applied. */
export interface Context {
  readonly state: State;
  readonly sha256: Sha256;
  /** Loads policies; null or left out where nothing does. */
  readonly load?: LoadPolicy | null;
  /** The position the entry takes. */
  readonly position: number;
  /** The rule that moves money now: a verb, or the kernel timer that fired. */
  rule: string;
  /** What the policy of the network said about the entry, once it was asked. */
  answer?: PolicyAnswer;
  emit(event: KernelEvent): void;
}

/** A refusal: the code of a numbered precondition and the facts it was judged by. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** Writes. Runs only after every precondition held, and cannot fail. */
export type Effect = () => void;

export const reject = (code: RejectionCode, facts: Rejection['facts'] = {}): Rejection => ({ code, facts });

export const isRejection = (value: object): value is Rejection => 'code' in value && 'facts' in value;

/** Every way an entry can be refused by the law. Each is explained in `spec/04-verbs.md`. */
export const REJECTION_CODES = [
  'verb_not_logged',
  'network_other',
  'epoch_other',
  'policy_unknown',
  'incarnation_other',
  'head_ahead',
  'head_stale',
  'head_forked',
  'replayed',
  'thread_other',
  'fee_lacking',
  'policy_denied',
  'policy_unfit',
  'account_unknown',
  'funds_lacking',
  'authority_only',
  'supply_cap',
  'escrow_unknown',
  'escrow_party_only',
  'escrow_exceeded',
  'too_many_open',
  'stake_lacking',
  'unbonding_unknown',
  'unbonding_runs',
  'delegation_party_only',
  'delegation_refused',
  'delegation_small',
  'delegation_judging',
  'member_unknown',
  'credential_other',
  'chain_length',
  'value_over_cap',
  'trial_over_cap',
  'fund_lacking',
  'trials_spent',
  'plant_other',
  'plant_unjudged',
  'plant_opened',
  'merged_other',
  'heal_known',
  'branch_live',
  'alternate_unfit',
  'life_other',
  'life_head',
  'statement_unfit',
  'statement_twice',
  'stake_too_little',
  'root_other',
  'suspended_before',
  'divergence_unfit',
  'digest_same',
  'not_suspended',
  'conformance_unfit',
  'conformance_other',
  'need_unknown',
  'need_not_open',
  'requester_only',
  'window_too_short',
  'period_too_long',
  'deadline_too_short',
  'seat_fee_over_cap',
  'work_pending',
  'ballot_other',
  'committee_not_voting',
  'vote_not_vote',
  'vote_other_subject',
  'vote_not_seated',
  'vote_twice',
  'vote_head_forked',
  'vote_head_early',
  'vote_policy_other',
  'seals_due',
  'vote_seal_other',
  'votes_too_few',
  'bids_lacking',
  'cap_sealed',
  'bid_unfit',
  'winner_outscored',
  'votes_related',
  'task_not_ready',
  'task_other',
  'attempt_other',
  'failed_before',
  'price_over_cap',
  'lease_none',
  'holder_only',
  'fence_other',
  'renewals_spent',
  'deadline_passed',
  'miss_unfit',
  'commit_unknown',
  'commit_judged',
  'challenge_subject',
  'challenge_window',
  'seal_unknown',
  'seal_taken',
  'seal_earlier',
  'seal_opened',
  'jury_lacking',
  'dispute_unknown',
  'ruling_other',
  'appeal_closed',
  'window_open',
  'challenge_open',
  'not_verified',
  'verifier_only',
  'report_unfit',
  'tick_empty',
] as const;

export type RejectionCode = (typeof REJECTION_CODES)[number];
