import type { ArtifactRef, Did, Micro, NeedId } from '@canswarm/protocol';

/** A task of a plan. Spec: `spec/04-verbs.md`, plans. */
export interface PlanTask {
  readonly task: string;
  /** The need that it is: one of its own, for `main` the need itself. */
  readonly need: NeedId;
  readonly part: number | null;
  readonly goal: string | null;
  readonly after: readonly string[];
  /** What the plan sets aside for it; for `main` without the planner's share. */
  readonly price: Micro;
  /** Invariant (INV-PLAN): it leaves `waiting` when all that it comes after are `done`. */
  status: 'waiting' | 'open' | 'done' | 'failed';
  /** What it hands on when it is done. */
  outputs: readonly ArtifactRef[];
}

/** Work divided into tasks. */
export interface Plan {
  readonly planner: Did | null;
  /** What the planner gets when `main` is final. */
  readonly share: Micro;
  /** In their order; `main` is the last. */
  readonly tasks: readonly PlanTask[];
  /** A task failed for good: no other begins. */
  broken: boolean;
}
