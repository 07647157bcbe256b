import { balance } from '../ledger.ts';
import { loseLease } from '../needs.ts';
import type { Part } from '../part.ts';
import { leaseFaults, leaseOf } from './lease.ts';

export const yieldLease: Part<'YIELD'> = {
  verb: 'YIELD',
  faults: (model, { from, body }) => leaseFaults(model, body, from),
  follow(model, { from, body }) {
    const { need } = leaseOf(model, body);
    loseLease(model, need, Math.floor(balance(model, `bond/work/${need.id}/${from}`) / 2), true);
  },
};
