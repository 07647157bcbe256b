/**
 * - `invalid_input`: the input does not fit the skill's schema, or is no JSON.
 * - `invalid_terms`: the verification cannot be pinned: a module that cannot be built, an example that does not pass.
 * - `unknown_skill`: nobody offers it, and no definition was given.
 * - `refused`: the law does not take the need, such as for lack of money.
 * - `idempotency_conflict`: other work was posted under this key.
 * - `not_done`: the need ended without a result: the reason says how, and its money came back as far as it was not spent.
 * - `gone`: the node that was asked went away.
 */
export type HireErrorCode =
  | 'invalid_input'
  | 'invalid_terms'
  | 'unknown_skill'
  | 'refused'
  | 'idempotency_conflict'
  | 'not_done'
  | 'gone';

/** Why hired work gave no result: what happened, and what to do. */
export class HireError extends Error {
  override readonly name = 'HireError';
  readonly code: HireErrorCode;
  readonly hint: string;

  constructor(code: HireErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
