import type { Bodies } from '@canswarm/protocol';
import { openAlarm } from '../alarms.ts';
import { delegated } from '../delegations.ts';
import { balance, move } from '../ledger.ts';
import type { Part } from '../part.ts';
import { OPEN_MOST } from './escrow.ts';

const sourceOf = (from: string, { delegate }: Bodies['UNBOND']): string =>
  delegate === null ? `stake/${from}` : `delegation/${from}/${delegate}`;

export const unbond: Part<'UNBOND'> = {
  verb: 'UNBOND',
  *faults(model, { from, body }) {
    const free = balance(model, sourceOf(from, body));
    if (free < body.amount) yield 'stake_lacking';
    if (body.delegate !== null && body.amount !== free) {
      const left = delegated(model, { delegator: from, delegate: body.delegate }) - body.amount;
      if (left < model.params.minDelegation) yield 'delegation_small';
    }
    if (model.unbondings.filter(({ did, withdrawn }) => did === from && !withdrawn).length >= OPEN_MOST)
      yield 'too_many_open';
  },
  follow(model, { id, from, body }) {
    move(model, sourceOf(from, body), `unbonding/${id}`, body.amount);
    model.unbondings.push({ id, did: from, delegate: body.delegate, over: false, withdrawn: false });
    openAlarm(model, `unbonding:${from}/${id}`, model.params.unbondingMs);
  },
};
