import type { ArtifactRef, Cid, Micro, NeedId, Sha256, WorkUse } from '@canswarm/protocol';
import type { ContentStore } from './content-store.ts';

/** What a skill is asked to work on: the need as decided. */
export interface TaskInput {
  readonly need: NeedId;
  readonly skill: string;
  readonly goal: string | null;
  readonly inputs: readonly ArtifactRef[];
  /** CID of the acceptance record the result is judged by. */
  readonly acceptance: Cid;
  /** Which try at the task this is, from 1. */
  readonly attempt: number;
  /** What the work is paid, micro-credits; 0 before somebody was chosen. */
  readonly price: Micro;
  /** How long the work may take from its start, ms. */
  readonly timeMs: number;
}

/** A committed result that is to be judged, with the task it answers. */
export interface ResultInput {
  readonly task: TaskInput;
  readonly commit: Cid;
  readonly outputs: readonly ArtifactRef[];
}

interface JobOf {
  /** The kind of work, as in the need. */
  readonly skill: string;
  /** Which implementation of it to use, chosen by the node's owner. */
  readonly engine: string;
}

/** Do the work. */
export interface ExecuteJob extends JobOf {
  readonly action: 'execute';
  readonly task: TaskInput;
}

/** Judge a result as a seat of its committee. */
export interface EvaluateJob extends JobOf, ResultInput {
  readonly action: 'evaluate';
}

/** Look for a provable fault in a result, to challenge it. */
export interface InspectJob extends JobOf, ResultInput {
  readonly action: 'inspect';
}

/** Work that a plan may be made of, besides the need's own. */
export interface WorkPart {
  readonly skill: string;
  /** CID of the acceptance record that its results are judged by. */
  readonly acceptance: Cid;
}

/** A task of a plan. */
export interface DividedTask {
  readonly task: string;
  /** Place of its part in the need's list; null for `main`, the need's own work. */
  readonly part: number | null;
  /** What is wanted of it, for its worker; null: what the need says. */
  readonly goal: string | null;
  /** Names of the tasks whose outputs it takes. */
  readonly after: readonly string[];
  /** What its worker is paid, micro-credits. */
  readonly price: Micro;
}

/** What a plan may be made of. */
export interface Division {
  readonly parts: readonly WorkPart[];
  /** Tasks that it may have at most. */
  readonly tasksMax: number;
  /** Tasks of an earlier plan that are done: a new plan may build on them, by their names, and none of its own has one. */
  readonly done: readonly Pick<DividedTask, 'task' | 'part' | 'goal'>[];
  /** Micro-credits that are left for tasks and planner together. */
  readonly budget: Micro;
}

/** Divide the work of a need into tasks. */
export interface DivideJob extends JobOf {
  readonly action: 'divide';
  readonly task: TaskInput;
  readonly division: Division;
}

export type SkillJob = ExecuteJob | EvaluateJob | InspectJob | DivideJob;

/** What the work cost, as the runner measured it: milliseconds and bytes through the content store. */
export interface Telemetry {
  readonly wallMs: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** What the skill says that it used besides; left out where it says nothing. */
  readonly use?: WorkUse;
}

/** What `Skill.execute` gives. Every block of the outputs must be in the content store by then. */
export interface ExecuteOutcome {
  /** 1..16 artifacts. */
  readonly outputs: readonly ArtifactRef[];
  readonly trace: Cid | null;
  /** Models, tools and tokens that the work used, and where data went: the policy of the network judges it. */
  readonly use?: WorkUse;
}

/** What `Skill.evaluate` gives. */
export interface EvaluateOutcome {
  readonly verdict: 'pass' | 'fail' | 'undecidable';
  /** At most 8 reasons of at most 256 bytes; at least one unless the verdict is `pass`. */
  readonly reasons: readonly string[];
  /**
   * What the work took here, of an engine that did it again: the node holds the word of the worker against it. Only what follows from the
   * input belongs into `use`. Left out where the engine did not do the work.
   */
  readonly measured?: MeasuredWork;
}

/** What doing work again took. */
export interface MeasuredWork {
  readonly wallMs: number;
  readonly use: WorkUse;
}

/** A fault that the kernel can judge by itself from blocks of the commit and its need. */
export interface Finding {
  readonly class: 'schema_violation' | 'missing_citation';
  readonly claim: { readonly output: number; readonly key: string; readonly step: 0 };
}

/** What `Skill.inspect` gives: null when it found nothing to challenge. */
export interface InspectOutcome {
  readonly finding: Finding | null;
}

/** What `Skill.divide` gives. */
export interface DivideOutcome {
  /** 1..16 tasks, of which one is `main`; null: the work is better left whole. */
  readonly tasks: readonly DividedTask[] | null;
}

export type SkillResult =
  | ({ readonly action: 'execute'; readonly telemetry: Telemetry } & ExecuteOutcome)
  | ({ readonly action: 'evaluate' } & EvaluateOutcome)
  | ({ readonly action: 'inspect' } & InspectOutcome)
  | ({ readonly action: 'divide' } & DivideOutcome);

/** How far a job has come: `done` of `total` in a unit of the skill's own, and a line for people (at most 256 bytes kept). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly note: string;
}

/** A line about the work for whoever owns the node; it never leaves this machine. At most 2048 bytes of a message are kept. */
export interface SkillLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** What a skill may use of the world. */
export interface SkillContext {
  readonly content: ContentStore;
  /** Aborted when the job is withdrawn; a skill that ignores it is ended anyway where the runner can. */
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
  log(line: SkillLine): void;
  readonly sha256: Sha256;
  /** Local time in milliseconds; for reports only, no result may depend on it. */
  now(): number;
}

/** One engine of a skill. A missing method means it does not do that action. A throw fails the job, not the node. */
export interface Skill {
  execute?(task: TaskInput, context: SkillContext): Promise<ExecuteOutcome>;
  evaluate?(subject: ResultInput, context: SkillContext): Promise<EvaluateOutcome>;
  inspect?(subject: ResultInput, context: SkillContext): Promise<InspectOutcome>;
  divide?(task: TaskInput, division: Division, context: SkillContext): Promise<DivideOutcome>;
}

/** What a module of skills exports, and what a worker thread imports. */
export interface SkillModule {
  /** The engine of that name. Throws or rejects when there is none. */
  skill(engine: string): Skill | Promise<Skill>;
}
