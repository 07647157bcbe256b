import type { KernelEvent } from '@canswarm/kernel';
import type { JsonValue } from '@canswarm/ports';
import type { Block, Cid, Did, Micro, NeedId, Verb } from '@canswarm/protocol';
import type { ModuleMode } from '../acceptance/agent-acceptance.ts';
import type { JsonSchema } from '../schema/schema-like.ts';

/** Files by name. */
export type FileMap = ReadonlyMap<string, Uint8Array>;

/** How a result is to be judged, ready to be pinned: modules as source. */
export interface VerificationTerms {
  readonly checks: readonly string[];
  readonly module: { readonly source: string; readonly mode: ModuleMode; readonly boundBps: number | null } | null;
  readonly example: {
    readonly input: JsonValue;
    readonly output: JsonValue;
    readonly files: FileMap;
    readonly outputFiles: FileMap;
  } | null;
}

/** Work that tasks of a plan may do, and how its results are to be judged. */
export interface WorkPart {
  readonly skill: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly verification: VerificationTerms;
}

/** How planners may divide work. */
export interface WorkPlan {
  /** Tasks at most, 2 to 16, with the one that gives the result. */
  readonly tasks: number;
  readonly parts: readonly WorkPart[];
}

/** A policy that a need has of its own. */
export interface OwnPolicy {
  readonly capsule: Cid;
  /** What of it is not stored yet: the capsule and its module. */
  readonly blocks: readonly Block[];
}

/** Work that somebody asks for. */
export interface WorkRequest {
  readonly skill: string;
  readonly input: JsonValue;
  readonly files: FileMap;
  /** What is wanted, for people; null: nothing is said. */
  readonly goal: string | null;
  /** Micro-credits at most for everything: the work and the seats. */
  readonly budget: Micro;
  /** How long it may take until a result is committed, ms; null: as long as the windows and a usual lease need. */
  readonly deadlineMs: number | null;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly verification: VerificationTerms;
  /** Null: it is not divided. */
  readonly plan: WorkPlan | null;
  /** Whether bids are seen when they are made, or when all are. */
  readonly auction: 'open' | 'sealed';
  /** Most that the work pays, micro-credits, told when bids are opened; null: what is left of the budget, which all know. */
  readonly sealedCap: Micro | null;
  /** Weight of the worker's standing in the score of bids, basis points; taken from that of the price. */
  readonly reputationBps: number;
  /** What the work has to pass besides the policy of the network; null: nothing. */
  readonly policy: OwnPolicy | null;
}

export interface PostedWork {
  readonly need: NeedId;
  /** Micro-credits in escrow. */
  readonly escrow: Micro;
  /** Waiting that the rules ask for between the post and a final result, ms: bid window and challenge window. */
  readonly waitMs: number;
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

/** What happens to hired work, in order. */
export type WorkEvent =
  /** An entry of the log that touched the need. */
  | {
      readonly type: 'entry';
      readonly position: number;
      readonly verb: Verb;
      readonly from: Did;
      /** What to call the sender. */
      readonly name: string;
      readonly accepted: boolean;
      /** Why not, or null. */
      readonly code: string | null;
      /** Log time, ms since 1970. */
      readonly time: number;
      readonly stage: NeedStage;
      readonly events: readonly KernelEvent[];
      /** Why seats did not pass a result. */
      readonly reasons: readonly string[];
    }
  /** The worker's word on how far it is. */
  | {
      readonly type: 'progress';
      readonly from: Did;
      readonly name: string;
      readonly done: number;
      readonly total: number;
      readonly note: string;
    };

/** A task of a need's plan, and where it stands. */
export interface WorkTask {
  readonly task: string;
  /** The need that the task is; the divided need itself for `main`. */
  readonly need: NeedId;
  readonly skill: string;
  readonly goal: string | null;
  readonly after: readonly string[];
  /** What its worker is paid at most, micro-credits. */
  readonly price: Micro;
  readonly stage: NeedStage;
  /** Who works or worked on it last. */
  readonly worker: Did | null;
  /** Why it ended, when it ended otherwise than final. */
  readonly reason: string | null;
  /** How often it was begun. */
  readonly attempt: number;
}

/** How a need stands. */
export interface WorkState {
  readonly stage: NeedStage;
  readonly worker: Did | null;
  /** Why it ended without a result; null while it may have one. */
  readonly reason: string | null;
  /** Whether the last seat was paid. */
  readonly settled: boolean;
  /** The tasks that a planner divided it into, in the order of the plan; none: it is done whole. */
  readonly tasks: readonly WorkTask[];
}

/** A final result. */
export interface WorkOutput {
  readonly value: JsonValue;
  readonly files: readonly { readonly name: string; readonly cid: Cid; readonly size: number }[];
}

/** A skill that somebody in the network offers, by its manifest. */
export interface SkillOffer {
  readonly skill: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly verification: VerificationTerms;
}

/** What goes into a proof. */
export interface ProofOptions {
  /** The whole input, not only what is cited: so that the work can be judged again. */
  readonly includeSources: boolean;
}

/** What a node does for those who hire: in this process or over its API. */
export interface WorkDesk {
  /** Posts work. The same idempotency key and request give the same need, however often and whatever crashed in between. */
  post(request: WorkRequest, idempotencyKey: string | null): Promise<PostedWork>;
  state(need: NeedId): Promise<WorkState>;
  /** What happened from the beginning, then what happens, until the need is settled or `signal` is aborted. */
  events(need: NeedId, signal: AbortSignal): AsyncIterable<WorkEvent>;
  /** The final result; rejects before there is one. */
  output(need: NeedId): Promise<WorkOutput>;
  file(need: NeedId, name: string): Promise<Uint8Array>;
  /**
   * Everything that lets a stranger check the result offline: files by path, those of `proof/` and what it proves beside it. Rejects
   * before the last seat is paid.
   */
  proof(need: NeedId, options: ProofOptions): Promise<FileMap>;
  cancel(need: NeedId): Promise<void>;
  /** How somebody offers a skill; null when nobody does. */
  find(skill: string): Promise<SkillOffer | null>;
}
