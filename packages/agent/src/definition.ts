import type { Cid, Citation, Did, Micro, NeedId } from '@canswarm/protocol';
import type { Bundle } from './bundle/bundle.ts';
import type { Files } from './bundle/files.ts';
import type { Credits } from './money.ts';
import type { InputOf, OutputOf, SchemaLike } from './schema/schema-like.ts';

/** Lines about the work for the agent's owner. They go to the log of the node or of `canswarm agent run`, never over the network. */
export interface AgentLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a skill may use of the world while it works or judges. */
export interface AgentContext {
  readonly need: NeedId;
  /** Which try at the task this is, from 1. */
  readonly attempt: number;
  /** What the requester says it wants, for people. */
  readonly goal: string | null;
  /** Files that came with the input. */
  readonly files: Files;
  /** Aborted when the work is withdrawn: the need was cancelled, the lease lost, the node stops. */
  readonly signal: AbortSignal;
  /** How far the work is; the requester sees it. `note` has at most 256 bytes. */
  progress(done: number, total: number, note?: string): void;
  readonly log: AgentLog;
}

export interface ExecuteContext extends AgentContext {
  /** What the work is paid, and how long it may take from its start, ms. */
  readonly budget: { readonly price: Micro; readonly timeMs: number };
  /**
   * What the tasks made that this one comes after, in the order of the plan's patch; empty for undivided work. Seats judge without it:
   * by the need's own input.
   */
  readonly before: readonly Bundle[];
  readonly artifacts: {
    /** A file of the output. Rejects for a name that was put before. */
    put(name: string, content: Uint8Array | string): Promise<Cid>;
    /** A file by its CID: of the input, or one that was put. */
    get(cid: Cid): Promise<Uint8Array>;
  };
  /**
   * Cites bytes [byteStart, byteEnd) of a file of the input: a certificate that the kernel itself judges, so a false one costs the
   * worker its bond. Gives the citation's key, for the output to refer to. At most 4096 bytes of whole UTF-8 characters.
   */
  cite(file: string, byteStart: number, byteEnd: number): Promise<string>;
  /**
   * Says what the work used: it is committed with the result, summed up, and the policy of the network judges it. Throws a RangeError for more
   * than 16 models, tools or flows, and for names of more than 64 bytes, zones of more than 32.
   */
  used(what: UsedByWork): void;
}

export interface VerifyContext extends AgentContext {
  /**
   * Says what doing the work again used, for a verifier that does it again, as `used` of a worker does; `{}` where it used nothing. A worker that
   * said less, or whose work the policy of the network denies with this in place of its word, is not passed: the time that `verify`
   * takes counts too, a sixteenth of it. Only what follows from the input belongs here: others have to find the same.
   */
  used(what: UsedByWork): void;
}

/** Something that work used: tokens of models, a model, a tool, data of a label that went to a zone. */
export interface UsedByWork {
  readonly tokens?: number;
  readonly model?: string;
  readonly tool?: string;
  readonly egress?: { readonly label: string; readonly zone: string; readonly bytes: number };
}

/** A result to be judged. */
export interface Work<In, Out> {
  readonly input: In;
  readonly output: Out;
  readonly outputFiles: Files;
  readonly citations: readonly { readonly key: string; readonly citation: Citation }[];
}

export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'undecidable';
  /** Why not `pass`: at most 8 reasons of at most 256 bytes. */
  readonly reasons: readonly string[];
}

/** How a result is to be judged; the requester declares it with the need, whoever proposes it. */
export interface Verification {
  /** Built-in certificate checks by name, all of which must hold. */
  readonly checks?: readonly string[];
  /** A module of the requester's that judges, run by every seat in a sandbox. */
  readonly module?: {
    /** Path or URL of a file: JavaScript or TypeScript, bundled into one module that imports nothing. */
    readonly file: string | URL;
    /**
     * - `check`: its default export says whether the result is right: `true`, or reasons why not.
     * - `judge`: the same, where that is a matter of judgement: what it lets pass verifiers judge by rules of their own, and seats seal their votes,
     *   so that none copies another.
     * - `reexecute`: its default export does the work again; the output must be equal.
     * - `bound`: it exports `execute` and `score`; the output's score must reach `boundBps` of the module's own output's.
     */
    readonly mode: 'check' | 'judge' | 'reexecute' | 'bound';
    /** For `bound`: basis points, 1 to 10 000. Default 9 000. */
    readonly boundBps?: number;
  };
  /** A case that passes. Seats run it before they choose a worker: so nobody is hired for what cannot be done. */
  readonly example?: Example;
}

/** A whole case, as values. */
export interface Example {
  readonly input: unknown;
  readonly output: unknown;
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly outputFiles?: Readonly<Record<string, Uint8Array | string>>;
}

/** A task of a plan. */
export interface PlanTask {
  /** `main` is the need's own work; other names are the planner's: 1 to 64 bytes. */
  readonly task: string;
  /** Place in `parts` of what is to be done; not for `main`. */
  readonly part?: number;
  /** What is wanted of it, for its worker: at most 1024 bytes. Without it the worker is told the need's goal; `main` has none. */
  readonly goal?: string;
  /** Names of the tasks whose outputs it is given. */
  readonly after?: readonly string[];
  /** What its worker is paid. */
  readonly price: Credits;
}

/** What a planner is told of a need. */
export interface PlanContext {
  readonly need: NeedId;
  readonly goal: string | null;
  /** Files that came with the input. */
  readonly files: Files;
  /** What tasks may do besides the need's own work, as the requester pinned it. */
  readonly parts: readonly { readonly skill: string }[];
  /** Tasks that the plan may have at most, `main` with them. */
  readonly tasksMax: number;
  /** Tasks of an earlier plan that are done: what comes after one of them is given its output. Their names are taken. */
  readonly done: readonly { readonly task: string; readonly part: number | null; readonly goal: string | null }[];
  /** What is left for all tasks and the planner's share together. */
  readonly budget: Micro;
  /** How long the planner may think, ms. */
  readonly timeMs: number;
  readonly signal: AbortSignal;
  readonly log: AgentLog;
}

/** How an agent plans. */
export interface Planner<In> {
  /** Its share on top of what workers are paid, 0 to 1. */
  readonly share: number;
  /**
   * Divides the work of a need that may be divided: the tasks, with `main`, or null to leave the work whole. Every task leads to `main`,
   * and is open to whoever takes its price. The planner answers for prices that nobody takes with a bond. Runs in a worker thread.
   */
  divide?(input: In, context: PlanContext): readonly PlanTask[] | null | Promise<readonly PlanTask[] | null>;
}

/** One thing that an agent can do. What it does follows from what it has: a worker executes, a verifier verifies, a planner plans. */
export interface SkillDefinition<In extends SchemaLike, Out extends SchemaLike, Id extends string = string> {
  /** By which needs name it: 1 to 64 of a-z, 0-9, "-", ".", "/". */
  readonly id: Id;
  readonly name?: string;
  readonly description: string;
  readonly tags?: readonly string[];
  readonly inputSchema: In;
  readonly outputSchema: Out;
  /** What a worker asks for one task. */
  readonly price?: Credits;
  /** The least that it goes down to when others outbid it; without one it stays at its price. Its manifest says it to everybody. */
  readonly floor?: Credits;
  /**
   * It does only the last task of a need that a planner divided, from what the tasks before made: it neither bids on needs nor does one
   * whole.
   */
  readonly joins?: boolean;
  /** Does the work. Runs in a worker thread. */
  execute?(input: OutputOf<In>, context: ExecuteContext): InputOf<Out> | Promise<InputOf<Out>>;
  /** Judges a result as a seat of its committee, besides what the need declares. True: right. Runs in a worker thread. */
  verify?(
    work: Work<OutputOf<In>, OutputOf<Out>>,
    context: VerifyContext,
  ): boolean | Judgement | Promise<boolean | Judgement>;
  /** Plans needs of this skill: for workers that name this agent as their planner, and by dividing work where the need lets it. */
  readonly plan?: Planner<OutputOf<In>>;
  /** How a result is best judged; those who hire take this unless they declare their own. */
  readonly verification?: Verification;
}

/** A skill of an agent of any type. */
export type AnySkill = SkillDefinition<SchemaLike, SchemaLike>;

export interface AgentInfo {
  /** 1 to 32 of a-z, 0-9 and "-". Its key has this name. */
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  /** The planner through which it works instead of bidding itself. */
  readonly planner?: Did;
}

/** A defined agent: what a module of agents exports as its default. */
export interface Agent<Skills = Readonly<Record<string, AnySkill>>> extends AgentInfo {
  /** By id. */
  readonly skills: Skills;
}

/** What a certificate check of this software is given. */
export interface CheckedWork {
  readonly input: Bundle;
  readonly output: Bundle;
  readonly signal: AbortSignal;
}

/** A built-in check: certificates that are cheaper to check than the work is to do. Deterministic, and its faults are the worker's. */
export interface CertificateCheck {
  /** As in acceptance records, with its version: another rule of judgement is another name. */
  readonly name: string;
  /** Reasons why the work is wrong; none: it is right. Rejects only where blocks cannot be had. */
  check(work: CheckedWork): Promise<readonly string[]>;
}
