import type { TransportStatus } from '@canswarm/libp2p';
import type { Did, NeedId } from '@canswarm/protocol';
import type { NeedEvent, NeedRecord } from '../need-book.ts';
import type { Problem } from '../problems.ts';
import type { WrittenResult } from '../result.ts';

/** One agent of a node, with what it owns in micro-credits. */
export interface AgentStatus {
  readonly name: string;
  readonly did: string;
  readonly org: string;
  readonly roles: readonly string[];
  readonly free: number;
  readonly stake: number;
  readonly reserve: number;
  /** A verifier's reveals that are left; null for others. */
  readonly reveals: number | null;
  /** Whether the network counts it as taking part; null for agents that are no verifiers. */
  readonly active: boolean | null;
  /** Whether the log knows it as a member. */
  readonly joined: boolean;
}

/** What a running node says of itself. */
export interface NodeStatus {
  readonly node: string;
  readonly org: string;
  readonly pid: number;
  readonly network: string;
  readonly networkName: string;
  readonly version: string;
  readonly upSeconds: number;
  readonly position: number;
  readonly digest: string;
  /** Log time, ms since 1970. */
  readonly logTime: number;
  /** Cursor of the last record taken, and of the log's last. */
  readonly cursor: number;
  readonly head: number;
  /** The node's own clock, ms since 1970. */
  readonly clock: number;
  readonly activeVerifiers: number;
  readonly openNeeds: number;
  readonly transport: TransportStatus;
  readonly agents: readonly AgentStatus[];
  /** What does not work at present. */
  readonly problems: readonly Problem[];
  readonly counters: Readonly<Record<string, number>>;
}

/** A request for a brief over a folder of this machine. */
export interface PostNeed {
  readonly folder: string;
  readonly question: string;
  readonly maxStatements: number;
  /** Micro-credits at most for the work. */
  readonly priceCap: number;
  readonly seatFee: number;
}

export interface PostedNeed {
  readonly needId: NeedId;
  /** Micro-credits in escrow. */
  readonly escrow: number;
  readonly documents: number;
  readonly bytes: number;
  readonly skipped: number;
}

/** A line of `GET /v1/needs/ID/events`: the record first, then each entry with the record as it was left. */
export type NeedLine =
  | {
      readonly type: 'record';
      readonly record: NeedRecord;
      /** Micro-credits that went into escrow. */
      readonly escrow: number;
      /** What to call the members of the network. */
      readonly people: readonly { readonly did: Did; readonly name: string }[];
    }
  | { readonly type: 'event'; readonly event: NeedEvent; readonly record: NeedRecord };

export interface WriteResult {
  readonly out: string;
  readonly includeSources: boolean;
}

export type { NeedEvent, NeedRecord, WrittenResult };

/** Why a request failed: like every error of ours, what happened and what to do. */
export interface ControlFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
