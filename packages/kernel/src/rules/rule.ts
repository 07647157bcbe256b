import type { LogVerb, PayloadOf, VerifiedEntry } from '@canswarm/protocol';
import type { Context, Effect, Rejection } from '../context.ts';

/** Unbondings, and escrows, that one key may have open at once. */
export const OPEN_PER_KEY_MAX = 16;

/** What a rule judges: the verified entry and its payload, typed by verb. */
export interface Judged<V extends LogVerb> {
  readonly entry: VerifiedEntry;
  readonly payload: PayloadOf<V>;
}

/**
 * A rule: numbered preconditions in order, the first that fails refuses the entry by its code; then the effect, which
 * is returned unrun. `judge` reads state and writes nothing.
 */
export type Rule<V extends LogVerb> = (context: Context, judged: Judged<V>) => Rejection | Effect;
