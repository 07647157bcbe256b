import type { ContentStore, Progress, SkillErrorCode, SkillJob, SkillResult } from '@canswarm/ports';

/** What a thread is told when it starts: plain data, so that it crosses the border. */
export interface ThreadData {
  /** URL of a module that is a `SkillModule`. */
  readonly skillModule: string;
  /** URL of a module that is a `ContentModule`. */
  readonly contentModule: string;
  /** What that module's `open` gets; structured-cloneable. */
  readonly contentOptions: unknown;
}

/** A module that opens a content store from plain data. */
export interface ContentModule {
  open(options: unknown): ContentStore | Promise<ContentStore>;
}

/** From the runner to a thread. One job at a time; `withdraw` is about the one under way. */
export type ToThread = { readonly kind: 'job'; readonly job: SkillJob } | { readonly kind: 'withdraw' };

/** From a thread to the runner, about the job under way. */
export type FromThread =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: SkillResult }
  | { readonly kind: 'failed'; readonly code: SkillErrorCode; readonly message: string };
