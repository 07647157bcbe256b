import type {
  ArtifactRef,
  ChallengeClaim,
  ChallengeClass,
  Cid,
  CommitId,
  Did,
  EnvelopeId,
  Fence,
  Micro,
  NeedBody,
  NeedId,
  Params,
} from '@canswarm/protocol';
import type { AccountId } from './accounts.ts';
import type { Delegation, Share } from './delegated.ts';
import type { Plan } from './plan/plan.ts';
import type { WorkCause } from './policy/measured-work.ts';
import type { AskedOfLaw, PolicyState, Suspension } from './policy/network-policy.ts';
import type { Timers } from './timers.ts';

export type { Delegation, Share } from './delegated.ts';
export type { Plan, PlanTask } from './plan/plan.ts';

/** What a committee judges: `plan/NEED/ROUND`, `result/COMMIT`, or `jury/CHALLENGE/INSTANCE`. */
export type SubjectId = `plan/${string}` | `result/${string}` | `jury/${string}`;
/** An organisation (`org:NAME`), or `unverified` for all keys without a credential together. */
export type EntityId = string;
export type Verdict = 'pass' | 'fail' | 'undecidable';
/** Whose reputation it is: an organisation, or a key that nobody vouches for. */
export type Identity = Did | `org:${string}`;
/** What reputation is for: judging, or work of a need's class. */
export type Domain = 'judge' | `work/${string}`;
/** What an instance makes of a challenge. */
export type Ruling = 'uphold' | 'dismiss';

/** A key with a credential, a hash chain, or both. */
export interface Member {
  readonly did: Did;
  entity: EntityId;
  asn: number;
  region: string;
  /** Next value a reveal must hash to, hex; null for a key that never joined as a verifier. */
  tip: string | null;
  /** Position of the entry that committed to this chain and credential; 0 for the genesis. */
  joinedAt: number;
  /** Reveals left in the chain. Invariant: >= 0. */
  revealsLeft: number;
  /** Largest time this verifier reported, ms. Invariant: never falls. */
  reported: number;
  /** Silences in this epoch. Invariant: active implies silences < params.silencesPerEpoch. */
  silences: number;
  /** Position of the TICK at which it last missed a seed. */
  missedAt: number;
  active: boolean;
  /** It left by its own word: nobody has it join again. Invariant: then it is not active. */
  left: boolean;
}

/** One entity's place in a pool. */
export interface PoolEntity {
  readonly entity: EntityId;
  readonly asn: number;
  readonly region: string;
  /** Capped draw weight. */
  readonly weight: number;
  /** Its active keys with their stake (free or reserved), by did. Invariant: not empty. */
  readonly keys: readonly { readonly did: Did; readonly stake: Micro }[];
}

/** The verifiers as they stood at one position; never changes once made. */
export interface Pool {
  readonly active: number;
  readonly entities: readonly PoolEntity[];
}

/** A draw that waits for its seed. Spec: `spec/05-committees.md`. */
export interface PendingDraw {
  readonly subject: SubjectId;
  readonly ballot: number;
  readonly draw: number;
  /** Whether the network was in bootstrap: then few may sit. */
  readonly bootstrap: boolean;
  /** Invariant: reveals count only if their head is at or after it. */
  readonly position: number;
  readonly pool: Pool;
  /** Entities of the parties: they neither sit nor reveal. */
  readonly excluded: readonly EntityId[];
  /** Entities that sat on the subject: they do not sit again. */
  readonly sat: readonly EntityId[];
  /** Reveals by entity: invariant: entities distinct and unrelated to the parties. */
  readonly reveals: Map<EntityId, { readonly from: Did; readonly preimage: string }>;
}

/** A vote that an entry brought. */
export interface RecordedVote {
  readonly id: EnvelopeId;
  /** `pass`, `fail`, `undecidable`; for a plan the winner's id or `none`. */
  readonly verdict: string;
  /** Bids that a plan vote names, the winner first; empty for a vote on a result. */
  readonly bids: readonly EnvelopeId[];
  /** The entry that recorded it. */
  readonly position: number;
  /** Set where it fails a result for what its work took, and not for what it is. */
  readonly cause?: WorkCause['code'];
}

/** A seat and its recorded vote. */
export interface Seat {
  readonly did: Did;
  readonly entity: EntityId;
  readonly asn: number;
  readonly region: string;
  readonly ballot: number;
  readonly draw: number;
  /** Micro-credits in reserve for this seat. Invariant (P10): a key's seats sum up to its reserve account. */
  reserved: Micro;
  /** What of it others delegated, by did; the rest is its own. Invariant (INV-DELEGATION): sums up to at most `reserved`. */
  shares: readonly Share[];
  status: 'seated' | 'silent' | 'void';
  /** Seal (hex) of the vote that it owes, as an entry brought it; null in a committee that does not seal. */
  seal: string | null;
  /** Invariant (INV-SEALED): in a committee that seals, only with the vote of `seal`, and only once its votes are opened. */
  vote: RecordedVote | null;
}

/** Seats for one subject. */
export interface Committee {
  readonly subject: SubjectId;
  readonly need: NeedId;
  /** The CID that votes and challenges name: the commit, or the need for a plan. */
  readonly target: Cid;
  /** The challenge that it decides; null for a plan or a result. */
  readonly challenge: EnvelopeId | null;
  /** Seats are drawn; not for arbiters, who have theirs by name. */
  readonly drawn: boolean;
  /** Who may never judge it: the requester; for a result also worker and planner; for a jury also challenger and appellants. */
  readonly parties: readonly Did[];
  /** Entities of the parties when it was opened; a draw excludes those of its own position too. */
  readonly excluded: readonly EntityId[];
  readonly level: number;
  /** Its votes are sealed: while it is `voting` it takes seals, while `opening` or `certified` the votes that were sealed. */
  readonly sealed: boolean;
  /** 0 until the first draw. Votes needed; seats wanted is 2K - 1. */
  k: number;
  n: number;
  /** Fewer than `minEligible` entities could sit, which only bootstrap allows. Invariant: else K is at least 3. */
  relaxed: boolean;
  phase: 'drawing' | 'bidding' | 'voting' | 'opening' | 'certified' | 'over';
  /** Invariant: (ballot, draw) only grows. */
  ballot: number;
  draw: number;
  /** By draw index: its seed (hex), and the positions at which it was completed and asked for. */
  readonly seeds: { readonly seed: string; readonly position: number; readonly asked: number }[];
  readonly seats: Seat[];
  redraws: number;
  waits: number;
  /** From this log time on too few votes or seals may be recorded; null while no answer period runs. */
  halfAt: number | null;
  verdict: string | null;
}

/** A bid as adopted by DECIDE. */
export interface Bid {
  readonly id: EnvelopeId;
  readonly worker: Did;
  readonly planner: Did | null;
  /** What the need pays in all; the worker gets `workerPrice`, the planner the difference. */
  readonly price: Micro;
  readonly workerPrice: Micro;
  readonly score: number;
}

/** A seat that was drawn for a plan of a need. */
export interface PlanSeat {
  readonly did: Did;
  readonly round: number;
  readonly ballot: number;
  readonly draw: number;
  /** Its vote was proved dishonest, and it paid. */
  struck: boolean;
}

/** The right to do the task. Invariant (P5): at most one per need. */
export interface Lease {
  readonly bid: Bid;
  readonly fence: Fence;
  readonly attempt: number;
  readonly durationMs: number;
  /** Log time; null until the period starts. Invariant: never beyond the need's deadline. */
  expiresAt: number | null;
  renewals: number;
  progress: Cid | null;
  /** Position of the holder's last accepted entry on this lease. */
  touched: number;
}

/** Outputs that a worker made for a need while it was cut off from the log, by a bid that the log did not adopt. */
export interface Alternate {
  /** Of the ALTERNATE that says so. */
  readonly id: EnvelopeId;
  readonly worker: Did;
  readonly bid: EnvelopeId;
  readonly outputs: readonly ArtifactRef[];
}

export interface Need {
  readonly id: NeedId;
  /** Set for a need that is a task of another's plan. */
  readonly parent: { readonly need: NeedId; readonly task: string } | null;
  readonly requester: Did;
  readonly body: NeedBody;
  readonly position: number;
  /** What the policy was asked about its NEED; left out where there was none, and of tasks. What is loaded of that is derived. */
  readonly asked?: AskedOfLaw;
  status: 'open' | 'decided' | 'closed' | 'expired' | 'cancelled';
  /** Invariant: 1 or 2; grows only when bidding reopens. */
  round: number;
  /** Log time of the deadline; null until it starts. */
  deadlineAt: number | null;
  deadlinePassed: boolean;
  /** What bids may cost at most is not known yet. Invariant: only before a plan is adopted; then `pricePool` is that or less. */
  capSealed: boolean;
  /** Invariant (INV-ESCROW): pricePool + feePool + logPool = balance of the escrow account, and owed <= feePool. */
  pricePool: Micro;
  feePool: Micro;
  /** Part of feePool that forfeited bonds added: pays the seats of later attempts, never goes to the requester. */
  forfeited: Micro;
  /** Part of feePool promised to seats that are paid after the hold. */
  owed: Micro;
  /** What is left for the log space of its duties. Invariant: >= 0. */
  logPool: Micro;
  /** `waiting`: it is a task, or has tasks, that others must be done before. */
  phase: 'bidding' | 'waiting' | 'ready' | 'leased' | 'committed' | 'verified' | 'final';
  /** Invariant (P4): grows with every lease. */
  attempt: number;
  /** Judged attempts so far plus one: raises K. */
  level: number;
  lease: Lease | null;
  /** What the work is done on: the need's inputs, then the outputs of the tasks it comes after. */
  inputs: readonly ArtifactRef[];
  /** Plans adopted so far: a patch names it. Invariant: never falls. */
  planVersion: number;
  plan: Plan | null;
  /** Needs of its tasks that are not settled. */
  readonly children: NeedId[];
  runnersUp: Bid[];
  /** Keys that lost a lease or failed a judgement of this need. */
  readonly failed: Set<Did>;
  /** Plan seats that may vote MISS, with the K of their committee. */
  planSeats: readonly Did[];
  planK: number;
  /** Points in its class as they stood when the round opened; null where bids are not scored by them, and after the bidding. */
  standings: ReadonlyMap<Identity, Micro> | null;
  /** Every seat that was drawn for a plan, so that its votes can be challenged until the need is settled. */
  readonly planSat: PlanSeat[];
  /** Seat fees of level 1 that were paid. */
  spent: Micro;
  /** The first attempt, once it was judged wrong: who made it, what was burned of its bond, and whether it was opened as a plant. */
  misfit: { readonly worker: Did; readonly burned: Micro; readonly opened: boolean } | null;
  /** The bids that DECIDEs chose, one a round at most. */
  adopted: readonly EnvelopeId[];
  /** Bids that K seats chose where the log could not be had, and that it did not adopt. Invariant (INV-HEAL): none is adopted. */
  orphaned: readonly EnvelopeId[];
  /** What was made by them, for when its maker gets the task. Invariant (INV-HEAL): one a maker, of an orphaned bid. */
  alternates: readonly Alternate[];
  /** Commits whose seats are not settled. */
  readonly commits: CommitId[];
}

export interface Commit {
  readonly id: CommitId;
  readonly need: NeedId;
  readonly bid: Bid;
  readonly attempt: number;
  readonly level: number;
  readonly outputs: readonly ArtifactRef[];
  /** What the policy was asked about it; left out where there was none. What is loaded of that is derived, not part of the state root. */
  readonly asked?: AskedOfLaw;
  /** What seats ask the need's own policy about it; left out where it has none. The law asks no such policy. */
  readonly askedOfNeed?: { readonly capsule: Cid; readonly input: Uint8Array };
  /** Votes are settled by this verdict; null while judged. */
  verdict: Verdict | null;
  overturned: boolean;
  windowClosed: boolean;
  holdPassed: boolean;
  final: boolean;
  seatsPaid: boolean;
}

/** A sealed challenge. Invariant: per (subject, class) in order of position; the earliest opens first. */
export interface Challenge {
  /** The entry that laid the seal: names its bond and its timer, since a seal may be copied. */
  readonly id: EnvelopeId;
  readonly position: number;
  readonly subject: Cid;
  readonly class: ChallengeClass;
  readonly challenger: Did;
  readonly seal: string;
  readonly bond: Micro;
  /** Since it was opened before a jury; null before, and for classes that are judged at once. */
  dispute: Dispute | null;
}

/** A challenge that juries hear, one instance after the other. Spec: `spec/07-challenges.md`, juries. */
export interface Dispute {
  readonly claim: ChallengeClaim;
  /** Invariant (INV-DISPUTE): grows with each appeal; the committee of the present one sits. */
  instance: number;
  /** What the last instance said that agreed; null before. */
  ruling: Ruling | null;
  readonly appeals: Appeal[];
}

/** An appeal, named by its entry, whose bond is in its account. */
export interface Appeal {
  readonly id: EnvelopeId;
  readonly appellant: Did;
  /** The ruling that it would not have stand. */
  readonly against: Ruling;
}

/** Stake of a key on its way out of use, named by the entry that began it. Its amount is in its account. */
export interface Unbonding {
  readonly id: EnvelopeId;
  /** The key that it stood behind, which it still bears the charges of; null for stake of its own. */
  readonly delegate: Did | null;
  /** Its period passed: it can be withdrawn. */
  over: boolean;
}

/** Credits that one key set aside for another, named by the entry that began it. Their amount is in its account. */
export interface Escrow {
  readonly id: EnvelopeId;
  readonly payer: Did;
  readonly payee: Did;
}

/** All that the law knows. Written only by `apply`. */
export interface State {
  readonly network: Cid;
  readonly authority: Did;
  readonly supplyCap: Micro;
  /** Who has the last word on a dispute; none: the last jury has. */
  readonly arbiters: readonly Did[];
  params: Params;
  rulesVersion: number;
  epoch: number;
  /** Which life of the log it is. Invariant (INV-LIFE): grows by one, and only by RESTART; fences are of it. */
  incarnation: number;
  /** Entries applied, accepted or not. */
  position: number;
  /** Running digest (32 bytes) after `position`. */
  digest: Uint8Array;
  /** Log time, ms. Invariant: never falls. */
  time: number;
  readonly accounts: Map<AccountId, Micro>;
  readonly members: Map<Did, Member>;
  readonly needs: Map<NeedId, Need>;
  readonly commits: Map<CommitId, Commit>;
  readonly committees: Map<SubjectId, Committee>;
  readonly pendingDraws: Map<SubjectId, PendingDraw>;
  /** By subject, in order of sealing. */
  readonly challenges: Map<Cid, Challenge[]>;
  /** By key, the earliest first. Invariant: no list is empty. */
  readonly unbondings: Map<Did, Unbonding[]>;
  /** By delegate, then in order of delegators. Invariant: no list is empty or longer than `maxDelegators`. */
  readonly delegations: Map<Did, Delegation[]>;
  readonly escrows: Map<EnvelopeId, Escrow>;
  /** How many escrows a payer has open. Invariant: at least 1. */
  readonly escrowsOpen: Map<Did, number>;
  /** Points by domain. Invariant (INV-REPUTATION): no map is empty, nobody has less than 1, all together are at most what was burned. */
  readonly reputation: Map<Domain, ReadonlyMap<Identity, Micro>>;
  /** Trials that each took lately. Invariant (INV-TRIAL): at least 1. */
  readonly trials: Map<Identity, number>;
  /** How often a requester and a worker settled something lately, by their identities. Invariant: at least 1. */
  readonly pairs: Map<string, number>;
  /** Since when enough verifiers are active (log time; null: they are not), and results final since; null outside of it, then for good. */
  bootstrap: { since: number | null; finished: number } | null;
  /** Since the present `reputationPeriodMs` began, by class: needs judged, and plants repaid. Invariant (INV-PLANT): of those at most `plantRateBps`. */
  readonly plants: Map<string, { readonly judged: number; readonly repaid: number }>;
  readonly timers: Timers;
  /** Digests of recent positions, the last being `position`; reaches back to the oldest open need. */
  readonly digests: { first: number; values: Uint8Array[] };
  /** Ids of accepted entries of the head window, with their position; until the next sweep also of some before it, which no longer count. */
  readonly accepted: Map<EnvelopeId, number>;
  /**
   * What senders of entries of the head window paid for log space, by id, and where last; swept as `accepted` is. Invariant: by position; no bytes
   * are charged twice.
   */
  readonly charged: Map<EnvelopeId, { readonly position: number; readonly paid: Micro }>;
  /** Verifiers that had a refused TICK for nothing at the present log time. Invariant: empty once time moves. */
  readonly lateTicks: Set<Did>;
  /** Null while every entry may pass: neither the genesis nor an entry brought a policy. Then it is no part of the state root. */
  policy: PolicyState | null;
  /** By member, the last. Where there is none it is no part of the state root. */
  readonly suspensions: Map<Did, Suspension>;
  /** The pool of the present position, made when first needed. Derived, not part of the state root. */
  pool: Pool | null;
}
