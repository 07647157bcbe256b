import { balance, floorOf, move, moveAll } from './ledger.ts';
import { burned, faded, identityOf } from './reputation.ts';
import type { BidRow, Model, NeedRow } from './tables.ts';

/** How many trials an identity took, each time fading; who fails one had all that it may. */
export function triesOf(model: Model, identity: string): number {
  let [count, at] = [0, 0];
  for (const row of model.tries) {
    if (row.identity !== identity) continue;
    count = row.failed ? model.params.trialsPerIdentity : faded(model, count, at, row.time) + 1;
    at = row.time;
  }
  return faded(model, count, at, model.time);
}

/** Whether a key may have a task as far as trials go. */
export function mayTry(model: Model, need: NeedRow, did: string): boolean {
  const identity = identityOf(model, did);
  const own = identity === identityOf(model, need.requester);
  return need.body.trial === null || (!own && triesOf(model, identity) < model.params.trialsPerIdentity);
}

/** Free credits and what trials withheld. */
export const within = (model: Model, did: string): number =>
  balance(model, `free/${did}`) + balance(model, `trial/${did}`);

/** Somebody takes a task. */
export function takeTask(model: Model, need: NeedRow, did: string): void {
  if (need.body.trial === null) moveAll(model, `trial/${did}`, `free/${did}`);
  else model.tries.push({ time: model.time, identity: identityOf(model, did), failed: false });
}

/** A trial came to nothing by its worker. */
export function failTrial(model: Model, need: NeedRow, did: string): void {
  if (need.body.trial !== null) model.tries.push({ time: model.time, identity: identityOf(model, did), failed: true });
}

export function withhold(model: Model, need: NeedRow, bid: BidRow): void {
  if (need.body.trial === null) return;
  const left = bid.workerPrice - burned(model, bid).worker;
  move(model, `free/${bid.worker}`, `trial/${bid.worker}`, floorOf(left, model.params.trialWithheldBps, 10_000));
}
