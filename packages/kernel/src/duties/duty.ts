import type { Cid, CommitId, Did, EnvelopeId, Fence, Micro, NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import type { Need, Ruling } from '../state.ts';

/** What gossip and this node's own work told, as far as duties need it. Nothing in it is trusted by the kernel. */
export interface View {
  /** PROPOSE envelopes of a round: bids and acceptances; in a sealed auction those that open a seal that counts. */
  proposals(need: NeedId, round: number): readonly VerifiedEnvelope[];
  /** Local time at which a PROPOSE of the present round was first heard; 0 where it is not kept. */
  bidHeardAt(need: NeedId, id: EnvelopeId): number;
  /** SEAL_BID envelopes of a round that count: one a key, heard before the window was over. */
  bidSeals(need: NeedId, round: number): readonly VerifiedEnvelope[];
  /** The OPEN_CAP that opens a need's sealed cap, or null. */
  capOpening(need: NeedId): VerifiedEnvelope | null;
  /** ATTEST_PLAN for a need; JUDGE for a challenge; SEAL, ATTEST and REJECT for a commit. */
  votes(need: NeedId, target: Cid): readonly VerifiedEnvelope[];
  /** Pairs of different votes, or of different seals of votes, that one seat signed for a need or commit in one ballot and draw. */
  doubles(need: NeedId, target: Cid): readonly (readonly [VerifiedEnvelope, VerifiedEnvelope])[];
  /** ALTERNATE envelopes, one a key. */
  alternates(need: NeedId): readonly VerifiedEnvelope[];
  misses(need: NeedId, attempt: number): readonly VerifiedEnvelope[];
  /** The latest REPORT of each verifier, and its latest with a preimage where that is another. */
  reports(): Iterable<VerifiedEnvelope>;
  /** What one of this node's verifiers reported last: the time, and the head position of its last reveal (-1: none). */
  reported(did: Did): { readonly timeAt: number; readonly revealAt: number };
  /** Local time at which this node applied the last TICK, or 0. */
  tickedAt(): number;
  /** Local time of the holder's last sign of life: the grant of the lease or its latest heartbeat. */
  aliveAt(need: NeedId, attempt: number): number;
  /** Local time at which one of this node's keys signed the envelope of a duty, or null. */
  signedAt(need: NeedId, key: string): number | null;
  /** Whether this node keeps what opens a seal (hex) that one of its keys laid. */
  opens(need: NeedId, seal: string): boolean;
  /** What this node's own skill made of a task or a commit. */
  work(need: NeedId, key: string): WorkState;
}

/** What proves that a vote is dishonest, the vote first. */
export interface AccusedVote {
  readonly class: 'equivocation' | 'worse_bid';
  /** The commit that was voted on, or the need whose plan was. */
  readonly subject: Cid;
  readonly envelopes: readonly VerifiedEnvelope[];
}

export type WorkState = 'none' | 'running' | 'done' | 'failed';

/** What a key disputes before a jury of its own accord: nothing; results whose acceptance is no opinion; any. */
export type Disputes = 'off' | 'facts' | 'all';

/** One key of this node. */
export interface Me {
  readonly did: Did;
  /** Skills it bids for and executes. */
  readonly worksOn: ReadonlySet<string>;
  /** Whether it evaluates results as a verifier. */
  readonly verifies: boolean;
  /** Whether it looks at results it has no seat for and challenges false ones. */
  readonly inspects: boolean;
  readonly disputes: Disputes;
  /** Whether it has a check of its own for results of needs that it posts. */
  readonly checks: boolean;
  /** Planners whose plans it accepts instead of bidding itself; and, as a planner, whether it plans. */
  readonly acceptsPlansOf: Did | null;
  readonly plans: boolean;
  /** The least that it takes for a need; null: it does not want it. */
  readonly least: (need: Need) => Micro | null;
  /** Skills of needs whose work it divides into tasks. */
  readonly divides: ReadonlySet<string>;
}

/** A bid that another may outdo. */
export interface Rival {
  readonly id: EnvelopeId;
  readonly score: number;
  /** The highest price that improves on it. */
  readonly atMost: Micro;
}

/** Something a key may or should do now. `key` names it, the same on every look. */
export type OwnDuty = { readonly key: string } & (
  | { readonly type: 'report'; readonly reveal: boolean }
  | { readonly type: 'rejoin'; readonly tip: string; readonly length: number }
  | { readonly type: 'conform' }
  | { readonly type: 'bid'; readonly need: NeedId; readonly round: number }
  | { readonly type: 'open_bid'; readonly need: NeedId; readonly sealKey: string }
  | { readonly type: 'open_cap'; readonly need: NeedId }
  | { readonly type: 'improve'; readonly need: NeedId; readonly round: number; readonly rivals: readonly Rival[] }
  | { readonly type: 'plan'; readonly need: NeedId; readonly round: number; readonly acceptance: VerifiedEnvelope }
  | { readonly type: 'divide'; readonly need: NeedId; readonly round: number }
  | { readonly type: 'propose_division'; readonly need: NeedId; readonly round: number }
  | {
      readonly type: 'vote_plan';
      readonly need: NeedId;
      readonly round: number;
      readonly ballot: number;
      readonly draw: number;
      readonly winner: EnvelopeId | null;
      readonly bidsSeen: readonly EnvelopeId[];
    }
  | { readonly type: 'rehearse'; readonly need: NeedId }
  | { readonly type: 'execute'; readonly need: NeedId; readonly attempt: number }
  | { readonly type: 'speculate'; readonly need: NeedId; readonly price: Micro }
  | { readonly type: 'alternate'; readonly need: NeedId; readonly bid: EnvelopeId }
  | { readonly type: 'heartbeat'; readonly need: NeedId; readonly attempt: number; readonly fence: Fence }
  | { readonly type: 'renew'; readonly need: NeedId; readonly attempt: number; readonly fence: Fence }
  | { readonly type: 'yield'; readonly need: NeedId; readonly attempt: number; readonly fence: Fence }
  | { readonly type: 'commit'; readonly need: NeedId; readonly attempt: number; readonly fence: Fence }
  | { readonly type: 'claim'; readonly need: NeedId; readonly attempt: number }
  | { readonly type: 'evaluate'; readonly commit: CommitId }
  | { readonly type: 'seal_result'; readonly commit: CommitId; readonly ballot: number; readonly draw: number }
  | { readonly type: 'vote_result'; readonly commit: CommitId; readonly ballot: number; readonly draw: number }
  | { readonly type: 'hear'; readonly commit: CommitId; readonly challenge: EnvelopeId }
  | {
      readonly type: 'judge';
      readonly commit: CommitId;
      readonly challenge: EnvelopeId;
      readonly instance: number;
      readonly ballot: number;
      readonly draw: number;
    }
  | { readonly type: 'inspect'; readonly commit: CommitId }
  | { readonly type: 'challenge'; readonly commit: CommitId }
  | { readonly type: 'accuse'; readonly need: NeedId; readonly accused: AccusedVote }
  | { readonly type: 'review'; readonly commit: CommitId }
  | { readonly type: 'dispute'; readonly commit: CommitId }
  | { readonly type: 'open'; readonly need: NeedId; readonly seal: string }
  | { readonly type: 'miss'; readonly need: NeedId; readonly attempt: number; readonly fence: Fence }
);

/**
 * Something anyone may do; whoever is first does it for all. `first` names the keys that should try first, in order;
 * the others wait longer. `complete` says that nothing more is to be gained by waiting.
 */
export type SharedDuty = { readonly key: string; readonly first: readonly Did[]; readonly complete: boolean } & (
  | { readonly type: 'tick'; readonly evidence: readonly VerifiedEnvelope[] }
  | {
      readonly type: 'decide';
      readonly need: NeedId;
      readonly round: number;
      readonly ballot: number;
      readonly evidence: readonly VerifiedEnvelope[];
    }
  | {
      readonly type: 'certify';
      readonly need: NeedId;
      readonly commit: CommitId;
      readonly ballot: number;
      readonly evidence: readonly VerifiedEnvelope[];
    }
  | {
      readonly type: 'release';
      readonly need: NeedId;
      readonly attempt: number;
      readonly fence: Fence;
      readonly evidence: readonly VerifiedEnvelope[];
    }
  | {
      readonly type: 'rule';
      readonly ruling: Ruling;
      readonly need: NeedId;
      readonly commit: CommitId;
      readonly challenge: EnvelopeId;
      readonly ballot: number;
      readonly evidence: readonly VerifiedEnvelope[];
    }
  | {
      readonly type: 'reconcile';
      readonly need: NeedId;
      readonly merged: EnvelopeId | null;
      readonly orphaned: readonly EnvelopeId[];
      readonly salvaged: readonly EnvelopeId[];
      readonly evidence: readonly VerifiedEnvelope[];
    }
  | {
      readonly type: 'suspend';
      readonly member: Did;
      readonly vote: EnvelopeId;
      readonly evidence: readonly VerifiedEnvelope[];
    }
  | { readonly type: 'finalize'; readonly need: NeedId; readonly commit: CommitId }
);

/** Duties of one look, and the local time (ms) at which to look again although nothing happened; null if never. */
export interface Agenda<Duty> {
  readonly duties: readonly Duty[];
  readonly wakeAt: number | null;
}
