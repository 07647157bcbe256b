// Written by scripts/generate-client.ts from docs/reference/openapi.json: change the table of operations instead.

/** What a key owns and owes, as the log has it. */
export interface Account {
  readonly did: Did;
  /** What this node calls it. */
  readonly name: string;
  /** As the log knows it; null: no authority vouches for it. */
  readonly org: string | null;
  /** Entries applied. */
  readonly position: number;
  readonly free: Micro;
  /** Of the pay of trials: free with the next task that it takes with a bond. */
  readonly withheld: Micro;
  /** Stake that backs nothing. */
  readonly stake: Micro;
  /** Stake that backs seats. */
  readonly reserve: Micro;
  /** Whether it can be drawn; null for a key that never joined as a verifier. */
  readonly active: boolean | null;
  readonly silences: number;
  /** Whether it voted by another evaluation of the policy, and is drawn for nothing until it conforms. */
  readonly suspended: boolean;
  readonly unbondings: readonly {
    /** What WITHDRAW names it by. */
    readonly id: Cid;
    readonly amount: Micro;
    /** Log time; null before its period began, or after it passed. */
    readonly endsAt: Instant | null;
    /** Whether it can be withdrawn. */
    readonly over: boolean;
    /** The key that it stood behind; null for own stake. */
    readonly delegate: Did | null;
  }[];
  /** What it has behind others, and what others have, or may put, behind it. */
  readonly delegations: readonly {
    readonly delegator: Did;
    readonly delegate: Did;
    /** What the delegate takes of it at most. */
    readonly most: Micro;
    /** What stands there and backs nothing. */
    readonly free: Micro;
    /** What backs seats of the delegate. */
    readonly reserved: Micro;
  }[];
  /** Those that it set aside, and those that are for it. */
  readonly escrows: readonly {
    /** What SETTLE names it by. */
    readonly id: Cid;
    readonly payer: Did;
    readonly payee: Did;
    readonly amount: Micro;
    /** Log time at which it goes back; null before its period began. */
    readonly endsAt: Instant | null;
  }[];
  /** What its organisation, or without one the key, has earned; empty for who stands at the floor everywhere. */
  readonly reputation: readonly {
    /** `judge`, or `work/CLASS` for needs of a class. */
    readonly domain: string;
    /** Earned of burned credits; they fade. */
    readonly points: Micro;
    /** Basis points, from the floor to 10 000. */
    readonly standing: number;
  }[];
}

/** Work for the agent. */
export interface AgentJob {
  readonly id: string;
  /** How long it may take from now, ms. */
  readonly deadlineMs: number;
  /** What is to be done: its action, skill, task and result. */
  readonly job: { readonly [name: string]: unknown };
}

/** What an agent says of itself (spec/12-agents.md, manifests). */
export type AgentManifest = { readonly [name: string]: unknown };

/** Something that the log says of the agent. */
export interface AgentNews {
  readonly need: Cid | null;
  readonly event: KernelEvent;
}

/** One agent of a node, with what it owns. */
export interface AgentStatus {
  readonly name: string;
  readonly did: Did;
  readonly org: string;
  /** What it does: verifier, worker, bystander, requester. */
  readonly roles: readonly string[];
  readonly free: Micro;
  readonly stake: Micro;
  readonly reserve: Micro;
  /** A verifier's reveals that are left; null for others. */
  readonly reveals: number | null;
  /** Whether the network counts it as taking part; null for agents that are no verifiers. */
  readonly active: boolean | null;
  /** Whether the log knows it as a member. */
  readonly joined: boolean;
  /** Whether it voted by another evaluation of the policy, and is drawn for nothing until it conforms. */
  readonly suspended: boolean;
}

/** What an agent now is. */
export interface AgentUpdate {
  readonly manifest: AgentManifest;
}

/** Nobody waits for this job any more. */
export interface AgentWithdraw {
  readonly id: string;
  readonly reason: string;
}

/** An appeal, to be signed by a key of this node. */
export interface AppealRequest {
  /** A key of this node: its did, or the name of its agent. */
  readonly by: string;
}

/** A committed artifact. */
export interface ArtifactRef {
  readonly cid: Cid;
  /** Leaves of its tree. */
  readonly leaves: number;
}

/** An agent of the owner of the node, which takes part through it. */
export interface AttachRequest {
  readonly manifest: AgentManifest;
  /** What a new agent is given by the organisation; null: 20 credits. */
  readonly credits: Micro | null;
  /** What of it a new verifier stakes; null: half. */
  readonly stake: Micro | null;
}

/** How an agent takes part, until its session ends. */
export interface AttachedAgent {
  /** A secret by which its process is known. */
  readonly session: string;
  readonly name: string;
  readonly did: Did;
  readonly org: string;
  readonly node: string;
  readonly network: Cid;
  readonly free: Micro;
  readonly stake: Micro;
}

/** A cited brief over the documents of a folder. */
export interface BriefRequest {
  /** Absolute path of a folder of the machine of the node, with the documents. */
  readonly folder: string;
  /** What to answer. */
  readonly question: string;
  /** Most quotes. */
  readonly maxStatements: number;
  /** Most that the work may cost, micro-credits. */
  readonly priceCap: number;
  /** Fee of each seat that judges, micro-credits. */
  readonly seatFee: number;
  /** A small need for newcomers, without a bond: paid by its requester, or by the fund of the network. */
  readonly trial?: 'funded' | 'sponsored' | undefined;
  /** Weight of the worker's standing in the score of bids, basis points; taken from that of the price. */
  readonly reputationBps?: number | undefined;
  /** Capsule of a policy of its own, whose blocks were stored before: what the work has to pass besides the policy of the network. */
  readonly policy?: Cid | undefined;
  /** In a sealed auction nobody sees a bid before all are made; default: `open`. */
  readonly auction?: 'open' | 'sealed' | undefined;
  /** Most that it pays, told when bids are opened; at most `priceCap`. Only in a sealed auction. */
  readonly sealedCap?: number | undefined;
}

/** What a cited brief says. */
export interface BriefSummary {
  readonly statements: number;
  /** The first few of its quotes. */
  readonly best: readonly {
    readonly quote: string;
    readonly path: string;
    readonly line: number;
  }[];
}

/** What is said against a result or a vote, and what came of it so far. */
export interface Challenge {
  /** The entry that laid its seal. */
  readonly id: Cid;
  readonly needId: Cid;
  /** The result; the need where votes on its plan are accused. */
  readonly subject: Cid;
  /** What it says is wrong. */
  readonly class: string;
  readonly challenger: Did;
  /** What this node calls it. */
  readonly name: string;
  /** `heard` by a jury or arbiters; `lapsed`: never opened; `moot`: another was upheld. */
  readonly state: 'sealed' | 'heard' | 'upheld' | 'dismissed' | 'undecided' | 'lapsed' | 'moot';
  /** What decided it. */
  readonly reason: string | null;
  /** What its challenger has at stake; null when it is over. */
  readonly bond: Micro | null;
  /** Log time by which it is opened or burned; null where it does not run. */
  readonly opensBy: Instant | null;
  /** Log time by which the present instance answers. */
  readonly answersBy: Instant | null;
  /** Log time by which its ruling may be appealed. */
  readonly appealBy: Instant | null;
  /** What an appeal of now costs; null where no instance is left. */
  readonly appealBond: Micro | null;
  readonly appealTo: 'jury' | 'arbiters' | null;
  /** Each that heard it, in order. */
  readonly instances: readonly {
    /** 1 is the first; one more for each appeal. */
    readonly instance: number;
    /** Who hears it. */
    readonly by: 'jury' | 'arbiters';
    /** Who appealed for it; null for the first, or after a jury that gave up. */
    readonly appellant: Did | null;
    readonly seats: number;
    /** Recorded. */
    readonly votes: readonly {
      readonly seat: Did;
      /** What this node calls it. */
      readonly name: string;
      readonly verdict: string;
      readonly reasons: readonly string[];
    }[];
    /** Null before, or where it came to nothing. */
    readonly ruling: 'uphold' | 'dismiss' | null;
    /** Why it came to nothing. */
    readonly failed: string | null;
  }[];
}

/** A challenge of a result, to be sealed and then opened by a key of this node. */
export interface ChallengeRequest {
  /** A key of this node: its did, or the name of its agent. */
  readonly by: string;
  /** The result. */
  readonly commit: Cid;
  readonly class:
    | 'wrong_output'
    | 'unavailable'
    | 'semantic_contradiction'
    | 'schema_violation'
    | 'missing_citation'
    | 'policy_violation';
  /** Which output of the result is meant, from 0. */
  readonly output: number;
  /** Which record of that output; a jury judges the whole result. */
  readonly key: string;
}

/** Results whose seats are not settled, with what is said against them. */
export interface Challenges {
  readonly position: number;
  readonly logTime: Instant;
  readonly results: readonly {
    readonly commit: Cid;
    readonly needId: Cid;
    readonly worker: Did;
    readonly name: string;
    /** `pass`, `fail` or `undecidable`; null while it is judged. */
    readonly verdict: string | null;
    /** Log time at which its window closes; null when none runs. */
    readonly closesAt: Instant | null;
    /** Log time until which votes on it can be challenged. */
    readonly heldUntil: Instant | null;
    /** What a seal costs now: of a class that the law judges, and of one that a jury does. */
    readonly bonds: {
      readonly proof: Micro;
      readonly jury: Micro;
    };
    readonly challenges: readonly Challenge[];
  }[];
}

/** A CID: version 1, base32 in lower case, sha2-256; raw, dag-cbor or dag-pb. */
export type Cid = string;

/** Whether a node is cut off from the log, its peers or both, as it believes. */
export interface Contact {
  readonly state: 'online' | 'log_lost' | 'peers_lost' | 'isolated';
  /** Lost: it does not answer, or does not take what this node says. */
  readonly log: Sight;
  /** Lost: others take part, and none is heard. */
  readonly peers: Sight;
  /** Commands and entries that wait for the log. */
  readonly waiting: number;
}

/** The did:key of an Ed25519 key. */
export type Did = string;

/** 32 bytes in hexadecimal. */
export type Digest = string;

/** An entry for the log, to be signed by a key of this node. */
export interface EntryRequest {
  /** A key of this node: its did, or the name of its agent. */
  readonly by: string;
  readonly say: LedgerVerb;
}

/** An entry that the law accepted. */
export interface EntryTaken {
  readonly id: Cid;
  readonly position: number;
  readonly by: Did;
  /** What it changed. */
  readonly events: readonly KernelEvent[];
}

/** Agents that can be hired now, those who ask least first. */
export interface FoundAgents {
  readonly agents: readonly {
    readonly name: string;
    readonly did: Did;
    /** As the log knows it; null: no authority vouches for it. */
    readonly org: string | null;
    readonly description: string | null;
    readonly version: string | null;
    /** As its manifest says. */
    readonly skills: readonly { readonly [name: string]: unknown }[];
    readonly free: Micro;
    /** Whether it can lock the bond of work at its price now. */
    readonly canBond: boolean;
    /** Reputation in work of agents, basis points from the floor to 10 000. */
    readonly standing: number;
  }[];
}

/** The node answers. */
export interface Health {
  readonly ok: true;
}

/** The node has heard it. */
export interface Heard {
  readonly heard: true;
}

/** A bid, whose it is, and what became of it as this node judges it. */
export interface HeardBid {
  readonly id: Cid;
  /** Who would do the work. */
  readonly by: Did;
  /** Who planned it and signed the bid; null where the worker did. */
  readonly planner: Did | null;
  readonly price: Micro;
  /** The bid of somebody else that it improved on; null: none. */
  readonly outbids: Cid | null;
  /** How long it would take, ms. */
  readonly etaMs: number;
  /** What to call the worker. */
  readonly name: string;
  /** Its organisation as the log knows it. */
  readonly org: string | null;
  /** By the need's weights, at most 100 000 000; the highest wins. Null: the log alone tells of it. */
  readonly score: number | null;
  /** Why it does not lead; null: it leads, or the log alone tells of it. */
  readonly lost: {
    /** `outscored`: it counts, and another leads; `own_better`, `over_cap`, `cap_sealed`, `bond_lacking`, `unfit`, `seals_hidden`, `late`: it does not count. */
    readonly code: string;
    /** What the law says of it. */
    readonly detail: string | null;
  } | null;
}

/** Who has the task now. */
export interface HeardLease {
  readonly attempt: number;
  readonly holder: Did;
  /** Log time; null before it has begun. */
  readonly expiresAt: Instant | null;
  readonly renewals: number;
  /** How long ago its holder gave a sign of life to this node; null: it has not yet. */
  readonly aliveMs: number | null;
}

/** What stands between a need and a result, with the facts that say so, by its code. */
export interface Hindrance {
  readonly code:
    | 'skill_unknown'
    | 'own_only'
    | 'price_low'
    | 'bond_short'
    | 'unvouched'
    | 'node_stopped'
    | 'away'
    | 'busy'
    | 'window_missed'
    | 'bids_lost'
    | 'none_chosen'
    | 'seats_lacking'
    | 'time_stands'
    | 'no_agreement'
    | 'attempt_lost'
    | 'no_taker'
    | 'deadline_passed';
  readonly [name: string]: unknown;
}

/** Milliseconds since 1970. */
export type Instant = number;

export interface Invitation {
  /** A word; a secret until it was used. */
  readonly invitation: string;
}

/** A line for the log of the node. */
export interface JobLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** How a job ended. */
export interface JobOutcome {
  /** What a job of this action gives, where it did not fail. */
  readonly result: unknown;
  /** Why there is no result. */
  readonly failure: {
    readonly code: 'threw' | 'died' | 'deadline' | 'unsupported' | 'malformed' | 'busy';
    readonly message: string;
  } | null;
}

/** How far a job is. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
  readonly note: string;
}

/** What a juror or an arbiter says of a challenge. */
export interface JudgementRequest {
  /** A key of this node: its did, or the name of its agent. */
  readonly by: string;
  readonly verdict: 'uphold' | 'dismiss' | 'undecidable';
  readonly reasons: readonly string[];
}

/** A vote on its way to the others; it counts once enough say the same. */
export interface JudgementSaid {
  /** Of the vote. */
  readonly id: Cid;
  readonly by: Did;
  readonly challenge: Cid;
  readonly instance: number;
  readonly verdict: 'uphold' | 'dismiss' | 'undecidable';
}

/** What an entry changed: flat, by its type (spec/03-kernel.md). */
export interface KernelEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** A verb of the ledger or of the pool, as the specification has it. */
export type LedgerVerb =
  | {
      readonly verb: 'TRANSFER';
      readonly to: Did;
      /** Micro-credits. */
      readonly amount: number;
      /** Whether the receiver may be new. */
      readonly create: boolean;
    }
  | {
      readonly verb: 'ESCROW';
      readonly to: Did;
      /** Micro-credits. */
      readonly amount: number;
      /** Whether the receiver may be new. */
      readonly create: boolean;
      /** Log time after which it goes back. */
      readonly periodMs: number;
    }
  | {
      readonly verb: 'SETTLE';
      readonly escrow: Cid;
      /** What the payee gets of it. */
      readonly amount: Micro;
    }
  | {
      readonly verb: 'STAKE';
      /** Micro-credits. */
      readonly amount: number;
    }
  | {
      readonly verb: 'UNBOND';
      /** Micro-credits. */
      readonly amount: number;
      /** The key behind which the stake stands; own stake without it. */
      readonly delegate?: Did | undefined;
    }
  | {
      readonly verb: 'WITHDRAW';
      readonly unbonding: Cid;
    }
  | {
      readonly verb: 'DELEGATE';
      readonly delegator: Did;
      readonly delegate: Did;
      readonly amount: Micro;
    }
  | {
      readonly verb: 'LEAVE';
    }
  | {
      readonly verb: 'JOIN';
    };

/** An amount in micro-credits, millionths of a credit. */
export type Micro = number;

/** A file that was stored before, and its name in an input or output. */
export interface NamedFile {
  readonly name: string;
  readonly cid: Cid;
  /** Bytes. */
  readonly size: number;
}

/** What was asked for (spec/04-verbs.md, NEED). */
export interface NeedBody {
  readonly skill: string;
  readonly goal: string | null;
  readonly inputs: readonly ArtifactRef[];
  /** What a result must be. */
  readonly acceptance: Cid;
  /** Tier of verification of the acceptance; votes on tiers 4 and 6 are sealed first. */
  readonly tier: number;
  /** For newcomers: small, without a bond; a sponsored one is paid by a fund. */
  readonly trial: 'funded' | 'sponsored' | null;
  /** Most that the work may cost. */
  readonly priceCap: Micro;
  /** What each seat that judges gets. */
  readonly seatFee: Micro;
  /** Weights of what a bid is scored by, basis points. */
  readonly scoring: {
    readonly priceBps: number;
    readonly etaBps: number;
    readonly reputationBps: number;
  };
  readonly windows: {
    /** Milliseconds. */
    readonly bidMs: number;
    /** Milliseconds. */
    readonly answerMs: number;
    /** Milliseconds. */
    readonly challengeMs: number;
    /** Milliseconds. */
    readonly leaseMs: number;
  };
  /** How long after its start a commit is taken. */
  readonly deadlineMs: number;
  readonly class: string;
  /** How planners may divide the work; null: not at all. */
  readonly plan: {
    /** Tasks that a plan has at most. */
    readonly tasks: number;
    /** Work besides its own. */
    readonly parts: readonly {
      readonly skill: string;
      readonly acceptance: Cid;
      readonly tier: number;
    }[];
  } | null;
  /** Whether bids are seen when they are made, or when all are. */
  readonly auction: 'open' | 'sealed';
  /** Whether it may pay less than `priceCap`: how much is told when bids are opened. */
  readonly capSealed: boolean;
  /** Capsule of a policy of its own, whose blocks were stored before: what the work has to pass besides the policy of the network. */
  readonly policy?: Cid | undefined;
}

/** Its last seat is paid: nothing more comes. */
export interface NeedEnd {
  readonly stage: NeedStage;
  /** Who works or worked on it last. */
  readonly worker: Did | null;
  /** Why it ended, when it ended otherwise than final. */
  readonly reason: string | null;
  /** Position at which its last seat was paid; null before. */
  readonly settledAt: number | null;
  readonly needId: Cid;
}

/** An entry of the log that touched the need, and where it left it. */
export interface NeedEntry {
  readonly position: number;
  readonly verb: string;
  readonly from: Did;
  /** What to call who said it. */
  readonly role: string;
  readonly accepted: boolean;
  /** Why it was rejected. */
  readonly code: string | null;
  /** Log time. */
  readonly time: Instant;
  readonly events: readonly KernelEvent[];
  /** Why seats did not pass a result, from the votes that it brought. */
  readonly reasons: readonly string[];
  /** Bids that it shows: those that the votes for a worker name. */
  readonly bids: readonly SaidBid[];
  /** Votes that it brings. */
  readonly votes: readonly SaidVote[];
  readonly after: NeedStanding;
}

/** Entries between these positions, the second one included, may be missing: the node keeps no more of them. */
export interface NeedGap {
  readonly after: number;
  readonly until: number;
}

/** What a node heard of a need and what it makes of it: the log does not say this, and other nodes may know other things. */
export interface NeedOutlook {
  readonly needId: Cid;
  /** Log time now. */
  readonly time: Instant;
  /** Bids of the present round, the best first, then those that do not count; of the last one as it was decided once it is over. */
  readonly bids: readonly HeardBid[];
  /** Votes heard of that committees of the need may count. */
  readonly votes: readonly SaidVote[];
  readonly lease: HeardLease | null;
  /** Why it has no result, as far as this node can know; empty while all goes well. */
  readonly hindrances: readonly Hindrance[];
}

export interface NeedPage {
  /** Newest first. */
  readonly needs: readonly NeedRecord[];
  /** The cursor of the next page; null on the last. */
  readonly next: string | null;
}

/** A plan of several tasks. */
export interface NeedPlan {
  /** How many plans the need had, this one with them. */
  readonly version: number;
  readonly planner: Did | null;
  /** What the planner is paid when the need is final. */
  readonly share: Micro;
  /** In the order of the plan. */
  readonly tasks: readonly NeedTask[];
}

/** How far its worker says it is: the newest word alone, and nothing that the log knows. Only while somebody reads; has no id. */
export interface NeedProgress {
  readonly from: Did;
  /** What to call who said it. */
  readonly role: string;
  readonly done: number;
  readonly total: number;
  /** At most 256 bytes. */
  readonly note: string;
}

/** What the log says of one need, up to its end and beyond. */
export interface NeedRecord {
  readonly id: Cid;
  readonly requester: Did;
  readonly body: NeedBody;
  /** Position of its entry in the log. */
  readonly position: number;
  /** Log time at which it was posted. */
  readonly postedAt: Instant;
  readonly stage: NeedStage;
  /** Who works or worked on it last. */
  readonly worker: Did | null;
  /** Why it ended, when it ended otherwise than final. */
  readonly reason: string | null;
  /** Position at which its last seat was paid; null before. */
  readonly settledAt: number | null;
  /** Outputs of the final commit. */
  readonly outputs: readonly ArtifactRef[] | null;
  /** The tasks that its work is divided into; null: it is done whole. */
  readonly plan: NeedPlan | null;
}

export interface NeedRef {
  readonly needId: Cid;
}

/** A final result: what it is and which files prove it. */
export interface NeedResult {
  readonly needId: Cid;
  readonly stage: 'final';
  readonly network: Cid;
  /** Running digest at the pay of the last seat. */
  readonly digest: Digest;
  readonly stateRoot: string;
  /** Entries up to there. */
  readonly entries: number;
  /** Who lost money, over all needs of the log up to there. */
  readonly slashed: readonly Did[];
  /** Who was paid, by did. */
  readonly paid: { readonly [name: string]: Micro };
  /** Null for a result that is no brief. */
  readonly brief: BriefSummary | null;
  /** The result and its proof. */
  readonly files: readonly ResultFile[];
}

/** The need as it stands now. First in a stream that resumes nothing, and after a gap; has no id. */
export interface NeedSnapshot {
  readonly record: NeedRecord;
  /** What went into escrow. */
  readonly escrow: Micro;
  /** What to call the members of the network. */
  readonly people: readonly {
    readonly did: Did;
    readonly name: string;
    /** As the log knows it; null: no authority vouches for it. */
    readonly org: string | null;
  }[];
}

/** Where a need stands, as people say it. */
export type NeedStage =
  | 'open'
  | 'bidding'
  | 'choosing'
  | 'ready'
  | 'working'
  | 'judging'
  | 'challengeable'
  | 'final'
  | 'closed'
  | 'expired'
  | 'cancelled';

/** Where a need stands. */
export interface NeedStanding {
  readonly stage: NeedStage;
  /** Who works or worked on it last. */
  readonly worker: Did | null;
  /** Why it ended, when it ended otherwise than final. */
  readonly reason: string | null;
  /** Position at which its last seat was paid; null before. */
  readonly settledAt: number | null;
}

/** What happened to a need, and where it stands. */
export interface NeedStory {
  readonly record: NeedRecord;
  /** What went into escrow. */
  readonly escrow: Micro;
  /** What to call the members of the network. */
  readonly people: readonly {
    readonly did: Did;
    readonly name: string;
    /** As the log knows it; null: no authority vouches for it. */
    readonly org: string | null;
  }[];
  /** Entries of the log that touched it, in order. */
  readonly entries: readonly NeedEntry[];
  /** Whether none before the first of these is missing. */
  readonly complete: boolean;
  /** `after` for the entries that follow; null when these are the last. */
  readonly next: string | null;
  readonly outlook: NeedOutlook;
}

/** A task of a plan. */
export interface NeedTask {
  /** Its name; `main` gives the result of the need. */
  readonly task: string;
  /** The need that the task is; the divided need itself for `main`. */
  readonly need: Cid;
  readonly skill: string;
  readonly goal: string | null;
  /** Tasks that it begins after, and whose outputs it is given. */
  readonly after: readonly string[];
  /** Most that its worker is paid. */
  readonly price: Micro;
  readonly stage: NeedStage;
  /** Who works or worked on it last. */
  readonly worker: Did | null;
  /** Why it ended, when it ended otherwise than final. */
  readonly reason: string | null;
  /** How often it was begun. */
  readonly attempt: number;
}

/** What a running node says of itself. */
export interface NodeStatus {
  readonly node: string;
  readonly org: string;
  readonly pid: number;
  /** CID of the genesis. */
  readonly network: Cid;
  readonly networkName: string;
  readonly version: string;
  readonly upSeconds: number;
  /** Entries applied. */
  readonly position: number;
  /** Running digest there. */
  readonly digest: Digest;
  /** What the log says the time is. */
  readonly logTime: Instant;
  /** Of the last record taken. */
  readonly cursor: number;
  /** Cursor of the log's last record; of the last one taken while the log is lost. */
  readonly head: number;
  /** The node's own clock. */
  readonly clock: Instant;
  readonly activeVerifiers: number;
  readonly openNeeds: number;
  /** Where this API is reached over TCP; null when only by the socket. */
  readonly api: string | null;
  readonly transport: TransportStatus;
  readonly agents: readonly AgentStatus[];
  readonly contact: Contact;
  readonly speculation: Speculation;
  /** What does not work at present. */
  readonly problems: readonly RunningProblem[];
  /** Counted since the start; names may change. */
  readonly counters: { readonly [name: string]: number };
}

/** An OpenAPI document. */
export interface OpenApi {
  readonly openapi: string;
  readonly [name: string]: unknown;
}

/** Whether a connected peer answers. */
export interface PeerReach {
  readonly id: string;
  /** Time of a question and its answer; null for none. */
  readonly roundTripMs: number | null;
}

/** A result that was made wrong to find seats that pass it. */
export interface Plant {
  /** Of this node, from 1. */
  readonly number: number;
  /** How far it is; `outbid`: another was hired, so it is work like any other. */
  readonly stage:
    | 'funding'
    | 'unfunded'
    | 'posted'
    | 'hired'
    | 'outbid'
    | 'delivered'
    | 'judged'
    | 'settled'
    | 'refused';
  /** The need whose result it spoils. */
  readonly like: Cid;
  /** Its own need; null before it was posted. */
  readonly needId: Cid | null;
  /** The fresh key that posts it. */
  readonly requester: Did;
  /** The fresh key that delivers what is wrong. */
  readonly worker: Did;
  /** Which record is wrong, and what proves it. */
  readonly wrong: {
    readonly class: 'schema_violation' | 'missing_citation';
    readonly output: number;
    readonly key: string;
  };
  /** `pass` or `fail`; null while it is judged. */
  readonly verdict: string | null;
  /** Who judged it: `pass` is wrong. */
  readonly seats: readonly {
    readonly did: Did;
    /** What this node calls it. */
    readonly name: string;
    /** Null while it is not recorded. */
    readonly vote: string | null;
    readonly slashed: Micro;
  }[];
  /** Whether it was told to be a plant. */
  readonly opened: boolean;
  /** What its keys were sent. */
  readonly sent: Micro;
  /** What they sent back; the rest it has cost once all is sent back. */
  readonly back: Micro;
  /** What of its cost the fund for plants repaid; in `back` once it is sent back. */
  readonly repaid: Micro;
  /** Whether nothing of it is left to do. */
  readonly over: boolean;
}

/** What is to be planted. */
export interface PlantRequest {
  /** The need to plant again; null: the last with a final result. */
  readonly like?: Cid | null | undefined;
}

/** Newest first. */
export interface Plants {
  readonly plants: readonly Plant[];
}

/** A policy that is to hold in the network. */
export interface PolicyRequest {
  /** The signed capsule, a line of DAG-JSON. */
  readonly capsule: string;
  /** The compiled policy, in base64. */
  readonly engine: string;
}

/** A policy that holds. */
export interface PolicyTaken {
  /** The entry that brought it; null where it held already, so that nothing was said. */
  readonly id: Cid | null;
  /** It holds for every entry after this one. */
  readonly position: number;
  /** The epoch that began with it. */
  readonly epoch: number;
  readonly capsule: Cid;
}

/** Who can be drawn into committees, and how its health is. */
export interface Pool {
  /** Entries applied. */
  readonly position: number;
  readonly logTime: Instant;
  /** Verifiers that may be drawn. */
  readonly active: number;
  /** Votes that decide, by attempt from the first; empty while too few may sit. */
  readonly k: readonly number[];
  /** Entities that must be eligible. */
  readonly least: number;
  /** Whether fewer than that may judge now, in bootstrap. */
  readonly relaxed: boolean;
  /** What is too few; needs wait for it, or in bootstrap it is what ends that. */
  readonly lacks: readonly {
    readonly what: 'verifiers' | 'organisations';
    readonly is: number;
    readonly least: number;
  }[];
  /** How far a new network is on its way out of bootstrap; null for one that is not in it. */
  readonly bootstrap: {
    /** Active verifiers that end it. */
    readonly verifiers: number;
    /** Log time since which they are there; null: they are not. */
    readonly since: Instant | null;
    /** How long they must be there. */
    readonly forMs: number;
    /** Results that became final since. */
    readonly finished: number;
    /** Or how many such results end it. */
    readonly needs: number;
    /** Most that a need may put into escrow meanwhile. */
    readonly valueMax: Micro;
  } | null;
  readonly pendingDraws: number;
  readonly committees: number;
  readonly entities: readonly {
    /** `org:NAME`, or `unverified`. */
    readonly entity: string;
    readonly asn: number;
    readonly region: string;
    /** Its weight in a draw, after the cap. */
    readonly weight: number;
    /** As a judge, basis points: it weighs in draws. */
    readonly standing: number;
    readonly keys: readonly {
      readonly did: Did;
      readonly name: string;
      /** Its own, and what counts of what others delegated to it. */
      readonly stake: Micro;
      /** Its own of that. */
      readonly own: Micro;
      /** Stake that could back one more seat. */
      readonly free: Micro;
      /** Seats that it holds now. */
      readonly seats: number;
      /** Whether it is drawn for nothing until it conforms. */
      readonly suspended: boolean;
    }[];
  }[];
  /** Members with a chain that cannot be drawn now. */
  readonly away: readonly {
    readonly did: Did;
    readonly name: string;
    readonly entity: string;
    /** Without any nobody is drawn. */
    readonly stake: Micro;
    /** False for who left, or was silent too often. */
    readonly active: boolean;
    readonly silences: number;
  }[];
}

/** A need that the log has taken. */
export interface PostedBrief {
  readonly needId: Cid;
  /** What went into escrow. */
  readonly escrow: Micro;
  readonly documents: number;
  readonly bytes: number;
  /** Files that were not read. */
  readonly skipped: number;
}

/** A need that the log has taken. */
export interface PostedWork {
  readonly needId: Cid;
  /** What went into escrow. */
  readonly escrow: Micro;
  /** Waiting that the rules ask for until a result is final. */
  readonly waitMs: number;
}

/** Why a request failed. */
export interface Problem {
  /** What happened, for programs. */
  readonly code:
    | 'malformed'
    | 'unauthorized'
    | 'not_found'
    | 'method_not_allowed'
    | 'timeout'
    | 'refused'
    | 'agent_attached'
    | 'not_final'
    | 'idempotency_conflict'
    | 'too_large'
    | 'unsupported_media'
    | 'host_refused'
    | 'too_many_requests'
    | 'too_many_keys'
    | 'defect'
    | 'busy'
    | 'storage'
    | 'deadline';
  /** What happened, for people. */
  readonly message: string;
  /** What to do; may be empty. */
  readonly hint: string;
}

export interface Reach {
  readonly peers: readonly PeerReach[];
}

export interface ResultFile {
  /** Such as `brief.md` or `proof/audit.jsonl`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: Digest;
}

/** Something that does not work at present, though the node goes on. */
export interface RunningProblem {
  /** `log`: entries are not taken, or nothing of it is had. `peers`: none is heard. `watch`: the log is only looked at now and then. `time`: log time stands still, and every need with it. `policy`: the engine of this node decides otherwise than the conformance vector of the policy says; it does not vote. `presence`: others cannot see that this node is at the log. */
  readonly what: 'log' | 'peers' | 'watch' | 'time' | 'policy' | 'presence';
  readonly code: string;
  readonly message: string;
  readonly since: Instant;
}

/** A bid on a need. */
export interface SaidBid {
  readonly id: Cid;
  /** Who would do the work. */
  readonly by: Did;
  /** Who planned it and signed the bid; null where the worker did. */
  readonly planner: Did | null;
  readonly price: Micro;
  /** The bid of somebody else that it improved on; null: none. */
  readonly outbids: Cid | null;
  /** How long it would take, ms. */
  readonly etaMs: number;
}

/** A vote of a seat. */
export interface SaidVote {
  readonly seat: Did;
  /** What is judged: `plan/NEED/ROUND` or `result/COMMIT`. */
  readonly subject: string;
  readonly ballot: number;
  /** `pass`, `fail`, `undecidable`; on a plan the id of the winning bid, or `none`. */
  readonly verdict: string;
  /** Why it does not pass a result. */
  readonly reasons: readonly string[];
}

/** One thing that a node can be cut off from. */
export interface Sight {
  readonly lost: boolean;
  /** Since when it is so. */
  readonly since: Instant;
  /** What showed last that it is lost; null while it is not. */
  readonly why: string | null;
}

/** Work that the node began, or went on with, while it was cut off from the log, since its start. */
export interface Speculation {
  /** Of which nothing is known yet. */
  readonly open: number;
  readonly begun: number;
  /** Its result was committed. */
  readonly salvaged: number;
  /** Somebody else had the task, or nobody. */
  readonly wasted: number;
  /** The task was another by then: it was done anew. */
  readonly stale: number;
}

export interface Stopping {
  readonly stopping: true;
}

export interface StoredBlocks {
  readonly roots: readonly Cid[];
  /** Blocks of the CAR file. */
  readonly blocks: number;
}

/** A file in the content store: UnixFS over leaves of 16 KiB. */
export interface StoredFile {
  readonly cid: Cid;
  /** Bytes; with the CID it names the file. */
  readonly size: number;
}

/** How the node stands with its peers. */
export interface TransportStatus {
  /** By which peers know this node. */
  readonly id: string;
  /** Where peers reach it, as multiaddrs. */
  readonly addresses: readonly string[];
  /** Who is connected. */
  readonly peers: readonly {
    readonly id: string;
    readonly address: string;
  }[];
  /** Peers refused or cut off since the start, by reason. */
  readonly refused: { readonly [name: string]: number };
}

/** What an agent made: final, verified and beyond challenge. */
export interface WorkOutput {
  /** The output. */
  readonly value: unknown;
  /** Files of the output. */
  readonly files: readonly NamedFile[];
}

/** Work that tasks of a plan may do, and how its results are to be judged. */
export interface WorkPart {
  readonly skill: string;
  /** A JSON Schema (2020-12) that the input of the whole fits. */
  readonly inputSchema: { readonly [name: string]: unknown };
  /** A JSON Schema (2020-12). */
  readonly outputSchema: { readonly [name: string]: unknown };
  readonly verification: {
    /** Certificate checks that must hold, by name. */
    readonly checks: readonly string[];
    readonly module: {
      /** An ES module that imports nothing. */
      readonly source: string;
      readonly mode: 'check' | 'judge' | 'reexecute' | 'bound';
      /** For `bound`: basis points of its own score; else null. */
      readonly boundBps: number | null;
    } | null;
    readonly example: {
      readonly input: unknown;
      readonly output: unknown;
      readonly files: readonly NamedFile[];
      readonly outputFiles: readonly NamedFile[];
    } | null;
  };
}

/** Work for an agent that has the skill, and how its result is to be judged. */
export interface WorkRequest {
  readonly skill: string;
  /** The input, any JSON that fits `inputSchema`. */
  readonly input: unknown;
  /** Files that go with the input. */
  readonly files: readonly NamedFile[];
  /** What is wanted, for people. */
  readonly goal: string | null;
  /** Most that work and seats may cost, micro-credits. */
  readonly budget: number;
  /** Until when a result must be committed. */
  readonly deadlineMs: number | null;
  /** A JSON Schema (2020-12). */
  readonly inputSchema: { readonly [name: string]: unknown };
  /** A JSON Schema (2020-12). */
  readonly outputSchema: { readonly [name: string]: unknown };
  readonly verification: {
    /** Certificate checks that must hold, by name. */
    readonly checks: readonly string[];
    readonly module: {
      /** An ES module that imports nothing. */
      readonly source: string;
      readonly mode: 'check' | 'judge' | 'reexecute' | 'bound';
      /** For `bound`: basis points of its own score; else null. */
      readonly boundBps: number | null;
    } | null;
    readonly example: {
      readonly input: unknown;
      readonly output: unknown;
      readonly files: readonly NamedFile[];
      readonly outputFiles: readonly NamedFile[];
    } | null;
  };
  /** How planners may divide the work; null: not at all. */
  readonly plan: {
    /** Tasks that a plan has at most. */
    readonly tasks: number;
    /** What its tasks but the last may be. */
    readonly parts: readonly WorkPart[];
  } | null;
  /** In a sealed auction nobody sees a bid before all are made; not with a plan. Default: `open`. */
  readonly auction?: 'open' | 'sealed' | undefined;
  /** Most that the work pays, micro-credits, told when bids are opened; at most what the budget leaves for it. Only in a sealed auction. */
  readonly sealedCap?: number | undefined;
  /** Weight of the worker's standing in the score of bids, basis points; taken from that of the price. */
  readonly reputationBps?: number | undefined;
  /** Capsule of a policy of its own, whose blocks were stored before: what the work has to pass besides the policy of the network. */
  readonly policy?: Cid | undefined;
}

/** One event of `needEvents`. */
export type NeedEvent =
  | { readonly type: 'record'; readonly id: string | null; readonly data: NeedSnapshot }
  | { readonly type: 'entry'; readonly id: string | null; readonly data: NeedEntry }
  | { readonly type: 'progress'; readonly id: string | null; readonly data: NeedProgress }
  | { readonly type: 'gap'; readonly id: string | null; readonly data: NeedGap }
  | { readonly type: 'end'; readonly id: string | null; readonly data: NeedEnd };

/** One event of `sessionEvents`. */
export type SessionEvent =
  | { readonly type: 'job'; readonly id: string | null; readonly data: AgentJob }
  | { readonly type: 'withdraw'; readonly id: string | null; readonly data: AgentWithdraw }
  | { readonly type: 'news'; readonly id: string | null; readonly data: AgentNews };
