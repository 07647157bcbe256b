import type { Said } from './attempts.ts';

/** Log time stands still, and with it every need. */
export interface StandStill {
  /** Since when no entry came, ms since 1970. */
  readonly since: number;
  /** The weight of the verifiers that are heard of, of all, in basis points. More than half is needed. */
  readonly heardBps: number;
  /** Organisations with a verifier that is not heard of, the one of most weight first. */
  readonly missing: readonly string[];
}

/** Bids that one cause kept from counting. */
export interface LostBids {
  /** As a node judges bids that it keeps, or why it did not keep them. */
  readonly cause: string;
  /** How many, of one key the same bid or several. */
  readonly bids: number;
  /** The least that was asked; null: nothing is known of them but that they came. */
  readonly least: number | null;
  /** What the law says of one. */
  readonly detail: string | null;
}

/** What stands between a need and a result, as far as a node can know. Amounts are micro-credits, periods ms. */
export type Hindrance =
  /** No agent that this node knows of has the skill. `near`: one of another name that may be meant. */
  | { readonly code: 'skill_unknown'; readonly skill: string; readonly near: string | null; readonly peers: number }
  /** Who has the skill is of the requester's own organisation, and does not work for that. */
  | { readonly code: 'own_only'; readonly skill: string; readonly org: string; readonly agents: readonly string[] }
  /** Every offer asks more than the need gives. `budget`: what would be enough for all, for work that is hired. */
  | {
      readonly code: 'price_low';
      readonly priceCap: number;
      readonly least: number;
      readonly agent: string;
      readonly org: string | null;
      readonly budget: number | null;
    }
  /** Who would do it for the price has not the `funds` free that it takes: the bond, and the log space of the work. */
  | {
      readonly code: 'bond_short';
      readonly bond: number;
      readonly funds: number;
      readonly agent: string;
      readonly org: string | null;
      readonly did: string;
      readonly free: number;
    }
  /** No authority vouches for who has the skill. */
  | { readonly code: 'unvouched'; readonly agent: string; readonly did: string }
  /** Who would do it works through a node of this home that does not run. */
  | { readonly code: 'node_stopped'; readonly node: string; readonly agent: string; readonly org: string | null }
  /** Whose process does not run takes on nothing. */
  | { readonly code: 'away'; readonly agent: string; readonly org: string | null }
  /** Whose process has as much work as it takes. */
  | { readonly code: 'busy'; readonly agent: string; readonly org: string | null }
  /** Agents that fit did not bid while bids were taken. */
  | {
      readonly code: 'window_missed';
      readonly bidMs: number;
      readonly agents: readonly string[];
      /** Whether the cap was sealed: what they bid may have been above it. */
      readonly capSealed: boolean;
    }
  /** Bids came, and none of them counted. */
  | { readonly code: 'bids_lost'; readonly causes: readonly LostBids[]; readonly bond: number }
  /** Bids came, and the committee chose none. */
  | { readonly code: 'none_chosen'; readonly bids: number }
  /** A committee waits for verifiers. */
  | { readonly code: 'seats_lacking'; readonly eligible: number; readonly waits: number }
  /** Log time stands still. */
  | ({ readonly code: 'time_stands' } & StandStill)
  /** Seats did not come to one answer, however often they were drawn. */
  | { readonly code: 'no_agreement' }
  /** An attempt came to nothing. */
  | {
      readonly code: 'attempt_lost';
      readonly attempt: number;
      readonly worker: string;
      readonly outcome: string;
      readonly said: readonly Said[];
    }
  /** Nobody is left who takes the task, which is open to anyone until the deadline. */
  | { readonly code: 'no_taker'; readonly tried: number }
  /** The time for a result is over. */
  | { readonly code: 'deadline_passed'; readonly deadlineMs: number; readonly leaseMs: number };

export type HindranceCode = Hindrance['code'];
