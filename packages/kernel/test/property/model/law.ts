import type { LogVerb, VerifiedEntry } from '@canswarm/protocol';
import type { RejectionCode } from '../../../src/context.ts';
import { afterFee, isDuty, lacksFee, payLog, paysFirst, paysLast } from './fees.ts';
import { signedFaults, threadFaults } from './frame.ts';
import type { AnyPart, Part, Said } from './part.ts';
import { isAllowed, noteAsked, noteHeard } from './policies.ts';
import type { Model } from './tables.ts';
import { appeal } from './verbs/appeal.ts';
import { cancel } from './verbs/cancel.ts';
import { certify } from './verbs/certify.ts';
import { challenge } from './verbs/challenge.ts';
import { claim } from './verbs/claim.ts';
import { commit } from './verbs/commit.ts';
import { conform } from './verbs/conform.ts';
import { decide } from './verbs/decide.ts';
import { delegate } from './verbs/delegate.ts';
import { escrow } from './verbs/escrow.ts';
import { finalize } from './verbs/finalize.ts';
import { join } from './verbs/join.ts';
import { leave } from './verbs/leave.ts';
import { mint } from './verbs/mint.ts';
import { need } from './verbs/need.ts';
import { plant } from './verbs/plant.ts';
import { policy } from './verbs/policy.ts';
import { reconcile } from './verbs/reconcile.ts';
import { release } from './verbs/release.ts';
import { renew } from './verbs/renew.ts';
import { restart } from './verbs/restart.ts';
import { dismiss, invalidate } from './verbs/ruling.ts';
import { settle } from './verbs/settle.ts';
import { stake } from './verbs/stake.ts';
import { suspend } from './verbs/suspend.ts';
import { tick } from './verbs/tick.ts';
import { transfer } from './verbs/transfer.ts';
import { unbond } from './verbs/unbond.ts';
import { withdraw } from './verbs/withdraw.ts';
import { yieldLease } from './verbs/yield.ts';

/** Every verb that the model knows: one file each. */
const PARTS: readonly AnyPart[] = [
  appeal,
  cancel,
  certify,
  challenge,
  claim,
  commit,
  conform,
  decide,
  delegate,
  dismiss,
  escrow,
  finalize,
  invalidate,
  join,
  leave,
  mint,
  need,
  plant,
  policy,
  reconcile,
  release,
  renew,
  restart,
  settle,
  stake,
  suspend,
  tick,
  transfer,
  unbond,
  withdraw,
  yieldLease,
];

export const MODELLED_VERBS: readonly LogVerb[] = PARTS.map(({ verb }) => verb);

/** The part of an entry's verb, and the entry as it reads it. */
function partOf(entry: VerifiedEntry): { part: Part; said: Said } {
  const { payload, id } = entry.envelope;
  const part = PARTS.find(({ verb }) => verb === payload.verb);
  if (part === undefined) throw new Error(`the model does not know ${payload.verb}: it needs a file in model/verbs`);
  const said = { id, from: payload.from, body: payload.body, entry };
  return { part: part as unknown as Part, said: said as Said };
}

/** Every code that this entry could be refused with now; empty: it must be accepted. The policy is asked about what nothing else refuses. */
export function faultsOf(model: Model, entry: VerifiedEntry): ReadonlySet<RejectionCode> {
  const faults = faultsOfRules(model, entry);
  return faults.size > 0 || isAllowed(model, entry) ? faults : new Set(['policy_denied']);
}

function faultsOfRules(model: Model, entry: VerifiedEntry): ReadonlySet<RejectionCode> {
  const foreign = new Set(signedFaults(model, entry));
  if (foreign.size > 0) return foreign;
  const stray = new Set(threadFaults(model, entry));
  if (stray.size > 0) return stray;
  const { part, said } = partOf(entry);
  const lacks = lacksFee(model, entry);
  if (lacks && !isDuty(entry)) return new Set(['fee_lacking']);
  if (!paysFirst(entry)) {
    const faults = new Set(part.faults(model, said));
    return faults.size === 0 && lacks ? new Set(['fee_lacking']) : faults;
  }
  return afterFee(model, entry, () => new Set(part.faults(model, said)));
}

/** Digests older than the head window and every need are forgotten, a quarter of a window at a time. */
function forgetHeads(model: Model): void {
  const { headWindow } = model.params;
  const open = model.needs.filter(({ settled }) => !settled).map(({ position }) => position - 1);
  const from = Math.min(model.position - headWindow, model.position - 1, ...open);
  if (from - model.headsFrom >= headWindow / 4) model.headsFrom = from;
}

/** Takes the place of an entry in the log, and its effects if it was accepted. */
export function follow(model: Model, entry: VerifiedEntry, accepted: boolean): void {
  const isForeign = [...signedFaults(model, entry)].length > 0;
  noteAsked(model, entry, isForeign);
  const isLast = accepted && paysLast(entry);
  if (!isForeign && !isLast) payLog(model, entry, accepted);
  model.position += 1;
  if (accepted) {
    const { part, said } = partOf(entry);
    model.accepted.set(said.id, model.position);
    part.follow(model, said);
  }
  noteHeard(model, entry, isForeign, accepted);
  if (isLast) payLog(model, entry, accepted);
  forgetHeads(model);
}
