import type { ChallengeClass, Cid, CommitId, Did, EnvelopeId, Micro, NeedId } from '@canswarm/protocol';
import type { AccountId } from './accounts.ts';
import type { Domain, Identity, Ruling, SubjectId, Verdict } from './state.ts';

/** Why a task was handed on. */
export type LossReason = 'expired' | 'yielded' | 'released' | 'failed' | 'overturned';

/**
 * What an entry changed. Events are flat records of text, integers, booleans and null, and their members stand in the
 * order written here: the running digest covers `JSON.stringify(events)` (`spec/03-kernel.md`).
 */
export type KernelEvent =
  | { type: 'posting'; rule: string; code: string; debit: AccountId; credit: AccountId; amount: Micro }
  | { type: 'time_advanced'; time: number }
  | { type: 'revealed'; did: Did }
  | { type: 'draw_pending'; subject: SubjectId; ballot: number; draw: number }
  | { type: 'draw_relaxed'; subject: SubjectId; eligible: number; k: number; n: number }
  | { type: 'draw_waiting'; subject: SubjectId; eligible: number; waits: number }
  | { type: 'seated'; subject: SubjectId; ballot: number; draw: number; did: Did; reserved: Micro }
  | { type: 'seat_silent'; subject: SubjectId; did: Did; silences: number }
  | { type: 'seat_freed'; subject: SubjectId; did: Did }
  | { type: 'member_inactive'; did: Did }
  | { type: 'member_joined'; did: Did; entity: string }
  | { type: 'member_left'; did: Did }
  | { type: 'member_suspended'; did: Did; vote: EnvelopeId; named: string | null; due: string | null }
  | { type: 'member_conformed'; did: Did; cases: number }
  | { type: 'policy_changed'; epoch: number; capsule: Cid }
  | { type: 'unbonding_opened'; unbonding: EnvelopeId; did: Did; amount: Micro }
  | { type: 'unbonding_over'; unbonding: EnvelopeId; did: Did }
  | { type: 'delegation_admitted'; delegator: Did; delegate: Did; most: Micro }
  | { type: 'delegated'; delegator: Did; delegate: Did; amount: Micro }
  | { type: 'escrow_opened'; escrow: EnvelopeId; payer: Did; payee: Did; amount: Micro }
  | { type: 'escrow_settled'; escrow: EnvelopeId; paid: Micro; returned: Micro }
  | { type: 'recording_opened'; subject: SubjectId }
  | { type: 'votes_recorded'; subject: SubjectId; count: number; matching: number }
  | { type: 'seals_recorded'; subject: SubjectId; count: number; sealed: number }
  | { type: 'votes_opened'; subject: SubjectId; seals: number }
  | { type: 'need_opened'; need: NeedId; requester: Did; priceCap: Micro }
  | { type: 'bidding_opened'; need: NeedId; round: number; closesAt: number }
  | { type: 'bidding_closed'; need: NeedId; round: number }
  | { type: 'cap_opened'; need: NeedId; cap: Micro; refund: Micro }
  | { type: 'need_decided'; need: NeedId; round: number; winner: EnvelopeId | null; runnersUp: number }
  | { type: 'plan_adopted'; need: NeedId; version: number; bid: EnvelopeId; planner: Did | null; tasks: number }
  | { type: 'plan_conflict'; need: NeedId; bid: EnvelopeId; task: string; field: string }
  | { type: 'task_opened'; need: NeedId; root: NeedId; task: string; price: Micro }
  | { type: 'task_started'; need: NeedId; root: NeedId; task: string }
  | { type: 'task_done'; need: NeedId; root: NeedId; task: string }
  | { type: 'task_failed'; need: NeedId; root: NeedId; task: string }
  | { type: 'lease_granted'; need: NeedId; attempt: number; holder: Did; price: Micro }
  | { type: 'lease_started'; need: NeedId; attempt: number; expiresAt: number }
  | { type: 'lease_renewed'; need: NeedId; attempt: number; renewals: number }
  | { type: 'lease_lost'; need: NeedId; attempt: number; holder: Did; reason: LossReason }
  | { type: 'task_ready'; need: NeedId; attempt: number }
  | { type: 'committed'; need: NeedId; attempt: number; commit: CommitId; worker: Did }
  | { type: 'certified'; commit: CommitId; verdict: Verdict; votes: number; ballot: number }
  | { type: 'window_opened'; commit: CommitId; closesAt: number }
  | { type: 'window_closed'; commit: CommitId }
  | { type: 'challenge_sealed'; subject: Cid; class: ChallengeClass; challenger: Did }
  | { type: 'challenge_lapsed'; subject: Cid; class: ChallengeClass; challenger: Did }
  | { type: 'challenge_judged'; subject: Cid; class: ChallengeClass; challenger: Did; upheld: boolean; reason: string }
  | { type: 'dispute_opened'; subject: Cid; challenge: EnvelopeId; class: ChallengeClass; challenger: Did }
  | { type: 'instance_opened'; challenge: EnvelopeId; instance: number; seats: number; by: 'jury' | 'arbiters' }
  | { type: 'instance_ruled'; challenge: EnvelopeId; instance: number; ruling: Ruling; votes: number }
  | { type: 'instance_failed'; challenge: EnvelopeId; instance: number; reason: string }
  | { type: 'appealed'; challenge: EnvelopeId; instance: number; appellant: Did }
  | { type: 'slashed'; did: Did; amount: Micro; cause: string }
  | { type: 'finalized'; need: NeedId; commit: CommitId; worker: Did; price: Micro }
  | { type: 'reputation_earned'; identity: Identity; domain: Domain; amount: Micro; points: Micro }
  | { type: 'reputation_lost'; identity: Identity; domain: Domain; amount: Micro; points: Micro; reason: string }
  | { type: 'reputation_decayed'; periods: number }
  | { type: 'bootstrap_left'; reason: 'time' | 'needs'; active: number }
  | { type: 'plant_opened'; need: NeedId; worker: Did }
  | { type: 'plant_repaid'; need: NeedId; worker: Did; cost: Micro; paid: Micro }
  | { type: 'branch_orphaned'; need: NeedId; round: number; bid: EnvelopeId; votes: number }
  | { type: 'alternate_kept'; need: NeedId; alternate: EnvelopeId; worker: Did; bid: EnvelopeId }
  | { type: 'life_begun'; incarnation: number; signed: Micro; stake: Micro }
  | { type: 'lease_carried'; need: NeedId; attempt: number; holder: Did }
  | { type: 'undecided'; need: NeedId; commit: CommitId; worker: Did; paid: Micro }
  | { type: 'seats_paid'; subject: SubjectId; seats: number; fee: Micro }
  | { type: 'bidding_reopened'; need: NeedId; round: number }
  | { type: 'need_closed'; need: NeedId; status: 'closed' | 'expired' | 'cancelled'; refund: Micro; reason: string }
  | { type: 'need_settled'; need: NeedId; refund: Micro };
