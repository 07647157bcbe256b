import type { ArtifactRef } from '@canswarm/protocol';

/** A bid on the whole: what it would make of the work. */
export interface PlanBidRow {
  readonly id: string;
  /** Who speaks for it in the auction. */
  readonly lead: string;
  readonly planner: string | null;
  readonly price: number;
  readonly tasks: readonly OfferRow[];
}

export interface OfferRow {
  readonly task: string;
  readonly part: number | null;
  readonly goal: string | null;
  readonly after: readonly string[];
  readonly price: number;
  readonly worker: string | null;
}

/** A task of divided work. */
export interface TaskRow {
  readonly task: string;
  /** The need that it is. */
  readonly need: string;
  readonly after: readonly string[];
  state: 'waiting' | 'open' | 'done' | 'failed';
  outputs: readonly ArtifactRef[];
}

/** Divided work that was adopted. */
export interface PlanRow {
  readonly planner: string | null;
  readonly share: number;
  readonly tasks: readonly TaskRow[];
  broken: boolean;
}
