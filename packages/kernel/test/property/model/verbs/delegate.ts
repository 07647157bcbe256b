import { delegated, standing } from '../delegations.ts';
import { balance, move } from '../ledger.ts';
import type { Part } from '../part.ts';
import { entityOf } from '../people.ts';
import type { CommitteeRow, Model } from '../tables.ts';

/** Whether one entity sits, or sat, where something of the other is judged. */
function judges(model: Model, seat: string, party: string): boolean {
  const sits = ({ seats }: CommitteeRow): boolean =>
    seats.some(({ did, entity }) => [entity, entityOf(model, did)].includes(seat));
  const is = ({ parties, partyKeys }: CommitteeRow): boolean =>
    [...parties, ...partyKeys.map((did) => entityOf(model, did))].includes(party);
  return model.committees.some((row) => row.phase !== 'over' && is(row) && sits(row));
}

export const delegate: Part<'DELEGATE'> = {
  verb: 'DELEGATE',
  *faults(model, { from, body }) {
    const { delegator, delegate: to, amount } = body;
    if (delegator === to || ![delegator, to].some((did) => did === from)) return yield 'delegation_party_only';
    const rows = standing(model, to);
    const row = rows.find((one) => one.delegator === delegator);
    if (from === body.delegate) {
      if ((model.members.get(body.delegate)?.tip ?? null) === null) yield 'member_unknown';
      if (row === undefined && rows.length >= model.params.maxDelegators) yield 'too_many_open';
      return;
    }
    if (row === undefined || delegated(model, row) + amount > row.most) yield 'delegation_refused';
    if (amount < model.params.minDelegation) yield 'delegation_small';
    if (balance(model, `stake/${from}`) < amount) yield 'stake_lacking';
    const [above, below] = [entityOf(model, delegator), entityOf(model, to)];
    if (above !== below && (judges(model, above, below) || judges(model, below, above))) yield 'delegation_judging';
  },
  follow(model, { from, body }) {
    const { delegator, delegate: to, amount } = body;
    if (from === delegator) return move(model, `stake/${delegator}`, `delegation/${delegator}/${to}`, amount);
    const row = model.admissions.find((one) => one.delegator === delegator && one.delegate === to);
    if (row === undefined) model.admissions.push({ delegator, delegate: to, most: amount });
    else row.most = amount;
  },
};
