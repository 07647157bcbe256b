import { toHex, type VerifiedEntry, type VerifiedEnvelope } from '@canswarm/protocol';
import type { Model } from '../model/tables.ts';
import { everOf, type Seen, type Step } from './step.ts';

/** The life of the log that an entry came into: one more for each that began before it. */
export const lifeBefore = ({ trace, model }: Pick<Step, 'trace' | 'model'>): number =>
  model.genesis.incarnation + everOf(trace.slice(0, -1), 'life_begun').length;

/** Whether an envelope that an entry shows saw what only a life before that of the entry had. */
export function isOfEnded(
  { heads }: Pick<Model, 'heads'>,
  { envelope }: VerifiedEntry,
  { payload: { head } }: VerifiedEnvelope,
): boolean {
  return head.incarnation < envelope.payload.head.incarnation && heads[head.position] !== toHex(head.digest);
}

/** When a period began that waited for a TICK before these entries: anew where a life began while it ran. Undefined: it waits. */
export function begunSince(since: readonly Seen[], lengthMs: number): number | undefined {
  let begun: number | undefined;
  for (const { entry, applied, to } of since) {
    if (!applied.outcome.accepted) continue;
    const { verb } = entry.envelope.payload;
    if (verb === 'TICK') begun ??= to;
    if (verb === 'RESTART' && begun !== undefined && to < begun + lengthMs) begun = undefined;
  }
  return begun;
}
