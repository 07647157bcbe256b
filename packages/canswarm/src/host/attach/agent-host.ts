import type { AgentManifest } from '@canswarm/agent';
import type { KernelEvent } from '@canswarm/kernel';
import type { ContentGetOptions, Progress, SkillJob, SkillLine } from '@canswarm/ports';
import type { Block, Cid, Did, Micro, NeedId } from '@canswarm/protocol';

/** An agent's process asks a node to take part for it. */
export interface AttachRequest {
  readonly manifest: AgentManifest;
  /** Micro-credits that a new agent is given by the organisation; null: as many as usual. */
  readonly credits: Micro | null;
  /** Micro-credits of them that a new verifier stakes; null: half. */
  readonly stake: Micro | null;
}

/** How an agent takes part. */
export interface AttachedAgent {
  /** A secret that the agent's process shows with all it says. */
  readonly session: string;
  readonly name: string;
  readonly did: Did;
  readonly org: string;
  readonly node: string;
  readonly network: Cid;
  /** Micro-credits it has free, and staked. */
  readonly free: Micro;
  readonly stake: Micro;
}

/** What an agent's process is told, in order. */
export type SessionEvent =
  | { readonly type: 'job'; readonly id: string; readonly job: SkillJob; readonly deadlineMs: number }
  /** Nobody waits for this job any more. */
  | { readonly type: 'withdraw'; readonly id: string; readonly reason: string }
  /** Something of the log that is about the agent: hired, committed, judged, paid. */
  | { readonly type: 'news'; readonly need: NeedId | null; readonly event: KernelEvent };

/** How a job ended. */
export type JobOutcome =
  /** A `SkillResult` of the job's action; it is checked. */
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: JobFailureCode; readonly message: string };

export const JOB_FAILURE_CODES = ['threw', 'died', 'deadline', 'unsupported', 'malformed', 'busy'] as const;
export type JobFailureCode = (typeof JOB_FAILURE_CODES)[number];

/** What a node does for an agent's process: in this process, or over the node's API. Every method rejects with a HostError. */
export interface AgentHost {
  /** Makes the agent a member of the network, or goes on with one of that name. One process at a time. */
  attach(request: AttachRequest): Promise<AttachedAgent>;
  /** The agent's code was changed: other skills, schemas or prices from now on. */
  update(session: string, manifest: AgentManifest): Promise<void>;
  /** Work and news, until the session ends. Its end ends the session: running jobs are given back. Once a session. */
  events(session: string, signal: AbortSignal): AsyncIterable<SessionEvent>;
  progress(session: string, id: string, progress: Progress): Promise<void>;
  line(session: string, id: string, line: SkillLine): Promise<void>;
  settle(session: string, id: string, outcome: JobOutcome): Promise<void>;
  /** A block of the node's store, or of its peers. Rejects with a ContentError. */
  getBlock(cid: Cid, options: ContentGetOptions): Promise<Uint8Array>;
  putBlocks(blocks: readonly Block[]): Promise<void>;
}
