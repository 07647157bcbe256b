import type { LogVerb, PayloadOf, VerifiedEntry } from '@canswarm/protocol';
import type { RejectionCode } from '../../../src/context.ts';
import type { Model } from './tables.ts';

/** An entry of one verb, as the model sees it. */
export interface Said<V extends LogVerb = LogVerb> {
  readonly id: string;
  readonly from: string;
  readonly body: PayloadOf<V>['body'];
  readonly entry: VerifiedEntry;
}

/**
 * What the model knows of one verb. It is told in no order of preconditions: `faults` gives every code that an entry could be
 * refused with, and none if it must be accepted; `follow` is what an accepted one does.
 */
export interface Part<V extends LogVerb = LogVerb> {
  readonly verb: V;
  faults(model: Model, said: Said<V>): Iterable<RejectionCode>;
  follow(model: Model, said: Said<V>): void;
}

/** Parts of different verbs in one list. */
export type AnyPart = { [V in LogVerb]: Part<V> }[LogVerb];
