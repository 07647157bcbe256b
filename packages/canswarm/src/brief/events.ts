import type { KernelEvent } from '@canswarm/kernel';
import type { Did, NeedId, Verb } from '@canswarm/protocol';
import type { SaidBid, SaidVote } from '../need/said.ts';

/** A file that was not read, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** What to call a member of the network. */
export interface NamedMember {
  readonly did: Did;
  readonly name: string;
  /** Its organisation as the log knows it; null: no authority vouches for it. */
  readonly org: string | null;
}

/** What happens while a brief is made, in order. `time` is log time in ms. */
export type BriefEvent =
  | { readonly type: 'scanning'; readonly done: number; readonly total: number }
  | {
      readonly type: 'scanned';
      readonly documents: number;
      readonly bytes: number;
      readonly skipped: readonly SkippedFile[];
    }
  | {
      readonly type: 'posted';
      readonly needId: NeedId;
      readonly escrow: number;
      /** Who takes part. */
      readonly people: readonly NamedMember[];
    }
  | {
      readonly type: 'entry';
      readonly position: number;
      readonly verb: Verb;
      readonly from: Did;
      /** Name of the agent in this network. */
      readonly role: string;
      readonly accepted: boolean;
      /** Rejection code, null if accepted. */
      readonly code: string | null;
      readonly time: number;
      readonly events: readonly KernelEvent[];
      /** Why seats did not pass a result, from the votes that the entry brought; distinct. */
      readonly reasons: readonly string[];
      /** Bids that the entry shows, and votes that it brings. */
      readonly bids: readonly SaidBid[];
      readonly votes: readonly SaidVote[];
    }
  | {
      readonly type: 'progress';
      readonly role: string;
      readonly done: number;
      readonly total: number;
      readonly note: string;
    };

/** An agent of the network and what the brief did to its balance, micro-credits: free, staked, reserved and bonded. */
export interface BriefPerson {
  readonly did: Did;
  readonly name: string;
  readonly org: string;
  readonly roles: readonly string[];
  readonly before: number;
  readonly after: number;
  /** Whether it misbehaved on purpose. */
  readonly planted: boolean;
}

export type BriefErrorCode =
  | 'folder'
  | 'no_documents'
  | 'output'
  | 'nothing_found'
  | 'not_final'
  | 'timeout'
  | 'aborted'
  | 'node_failed';

/** Why no brief was made: what happened, and what to do. */
export class BriefError extends Error {
  override readonly name = 'BriefError';
  readonly code: BriefErrorCode;
  readonly hint: string;

  constructor(code: BriefErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
