import { openAlarm } from '../alarms.ts';
import { balance, move } from '../ledger.ts';
import type { Part } from '../part.ts';
import { OPEN_MOST } from './escrow.ts';

export const unbond: Part<'UNBOND'> = {
  verb: 'UNBOND',
  *faults(model, { from, body }) {
    if (balance(model, `stake/${from}`) < body.amount) yield 'stake_lacking';
    if (model.unbondings.filter(({ did, withdrawn }) => did === from && !withdrawn).length >= OPEN_MOST)
      yield 'too_many_open';
  },
  follow(model, { id, from, body }) {
    move(model, `stake/${from}`, `unbonding/${id}`, body.amount);
    model.unbondings.push({ id, did: from, over: false, withdrawn: false });
    openAlarm(model, `unbonding:${from}/${id}`, model.params.unbondingMs);
  },
};
