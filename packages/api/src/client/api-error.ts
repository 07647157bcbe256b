import type { ProblemCode } from '../schemas/problem-codes.ts';

/**
 * Why a call failed: a problem that the node answered with, or
 * - `unreachable`: nobody answers there, or the connection ended before the answer did; `cause` has the system's error;
 * - `late`: no answer in the time given;
 * - `answer_broken`: the answer is not what this client reads: another program, or another version.
 */
export type ApiErrorCode = ProblemCode | 'unreachable' | 'late' | 'answer_broken';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly code: ApiErrorCode;
  /** What to do; may be empty. */
  readonly hint: string;

  constructor(status: number, code: ApiErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}
