/**
 * Why storage cannot do what was asked.
 * - `full`: no space left; nothing of the operation was kept; may be repeated once space is free.
 * - `locked`: another process holds the file longer than the busy timeout; may be repeated.
 * - `corrupt`: what is stored is not what was written; restore it, do not go on.
 * - `newer`: written by a newer version of this software.
 * - `too_large`: an argument is over a documented limit; repeating cannot help.
 * - `invalid`: an argument is malformed; repeating cannot help.
 * - `closed`: used after close.
 * - `moved`: the log is kept elsewhere now, and takes nothing here; follow it there.
 * - `forked`: the log went on without what this node took of it; give that back, or begin another life of it.
 * - `io`: anything else the operating system reports (permissions, missing folder, device error).
 */
export type StorageErrorCode =
  | 'full'
  | 'locked'
  | 'corrupt'
  | 'newer'
  | 'too_large'
  | 'invalid'
  | 'closed'
  | 'moved'
  | 'forked'
  | 'io';

export interface StorageErrorOptions extends ErrorOptions {
  readonly isPart?: boolean;
}

/** Thrown by `Store`, `DecisionLog` and `ContentStore` when storage fails. The message tells the operator what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  /** What failed is a part of what is stored, away by itself; the rest may be as it should. */
  readonly isPart: boolean;

  constructor(code: StorageErrorCode, message: string, { isPart = false, ...options }: StorageErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.isPart = isPart;
  }
}

/** What a log says that was moved, to whoever follows it or appends to it. `here` names the log. */
export const movedMessage = (here: string, place: string): string =>
  `${here} was moved to ${place} and takes nothing any more: what this node has is kept; stop the nodes of this home, then have them follow the log there: canswarm down; canswarm migrate log --resume`;
