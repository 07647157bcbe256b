import type {
  ContentErrorCode,
  ContentGetOptions,
  ContentStore,
  Progress,
  SkillErrorCode,
  SkillJob,
  SkillLine,
  SkillResult,
} from '@canswarm/ports';
import type { Cid } from '@canswarm/protocol';

/** What a thread is told when it starts: plain data, so that it crosses the border. */
export interface ThreadData {
  /** URL of a module that is a `SkillModule`. */
  readonly skillModule: string;
  /** URL of a module that is a `ContentModule`. */
  readonly contentModule: string;
  /** What that module's `open` gets; structured-cloneable. */
  readonly contentOptions: unknown;
  /** Whether the runner brings what that store lacks. */
  readonly fetches: boolean;
}

/** A module that opens a content store from plain data. */
export interface ContentModule {
  open(options: unknown): ContentStore | Promise<ContentStore>;
}

/** From the runner to a thread. One job at a time; `withdraw` is about the one under way. */
export type ToThread =
  | { readonly kind: 'job'; readonly job: SkillJob }
  | { readonly kind: 'withdraw' }
  | {
      readonly kind: 'fetched';
      readonly id: number;
      readonly failed: { code: ContentErrorCode; message: string } | null;
    };

/** Brings a block into the store that threads open, or rejects with a ContentError. */
export type FetchBlock = (cid: Cid, options: ContentGetOptions) => Promise<void>;

/** From a thread to the runner, about the job under way. `fetch`: its store lacks a block that others may have. */
export type FromThread =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'line'; readonly line: SkillLine }
  | { readonly kind: 'fetch'; readonly id: number; readonly cid: Cid; readonly options: ContentGetOptions }
  | { readonly kind: 'done'; readonly result: SkillResult }
  | { readonly kind: 'failed'; readonly code: SkillErrorCode; readonly message: string };
