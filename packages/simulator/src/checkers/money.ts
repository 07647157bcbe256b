import { CHECKERS } from '@canswarm/kernel';
import type { Checker, Fault, Property } from './checker.ts';

/** Postings that move a key's free credits only at its own word: the entry is its own. */
const OWN_WORD = new Set([
  'transfer',
  'stake',
  'hold',
  'challenge_bond',
  'appeal_bond',
  'escrow_price',
  'escrow_fees',
  'escrow_logs',
]);
/** Whole states are compared after so many entries. */
const WHOLE_EVERY = 25;
/** Which property a broken invariant of the state is about; any other is about P9. */
const ABOUT: Readonly<Record<string, Property>> = {
  'INV-RESERVE': 'P10',
  'INV-STAKE': 'P10',
  'INV-LEASE': 'P5',
  'INV-COMMITTEE': 'P6',
  'INV-DISPUTE': 'P6',
  'INV-SEALED': 'P17',
  'INV-PLAN': 'P16',
  'INV-NEED': 'P4',
};

/** The property that an error of the law is about. */
export function aboutOf(error: unknown): Property {
  const [invariant = ''] = /INV-[A-Z-]+/.exec(String(error)) ?? [];
  return ABOUT[invariant] ?? 'P9';
}

/** P9: credits are conserved. P10: reserves are there. P11: caps. P14: nobody pays unasked. */
export function money(fault: Fault): Checker {
  const balances = new Map<string, number>();
  const caps = new Map<string, { readonly seatFee: number; readonly priceCap: number; readonly requester: string }>();
  const add = (account: string, amount: number): void => {
    balances.set(account, (balances.get(account) ?? 0) + amount);
  };
  let isBegun = false;
  let entries = 0;

  return {
    properties: ['P9', 'P10', 'P11', 'P14'],
    onEntry({ entry, outcome, events, position }, state) {
      const { payload, id } = entry.envelope;
      if (!isBegun) {
        // What the genesis lists is where counting begins.
        isBegun = true;
        for (const [account, balance] of state.accounts) balances.set(account, balance);
        for (const event of events)
          if (event.type === 'posting') {
            add(event.debit, event.amount);
            add(event.credit, -event.amount);
          }
      }
      if (outcome.accepted && payload.verb === 'NEED')
        caps.set(id, { seatFee: payload.body.seatFee, priceCap: payload.body.priceCap, requester: payload.from });
      const touched = new Set<string>();
      for (const event of events) {
        if (event.type !== 'posting') continue;
        const { code, debit, credit, amount } = event;
        add(debit, -amount);
        add(credit, amount);
        touched.add(debit).add(credit);
        if (amount < 0) fault('P9', `position ${position} posts ${amount}`);
        const payer = debit.startsWith('free/') ? debit.slice('free/'.length) : null;
        if (payer !== null && OWN_WORD.has(code) && payer !== payload.from)
          fault('P14', `position ${position}: ${code} takes from ${payer}, who said nothing`);
        const need = caps.get(debit.slice('escrow/'.length));
        if (!debit.startsWith('escrow/') || need === undefined || !credit.startsWith('free/')) continue;
        if (code === 'seat_fee') {
          if (amount > need.seatFee) fault('P11', `position ${position}: a seat gets ${amount} of ${need.seatFee}`);
        } else if (code === 'price' && amount > need.priceCap)
          fault('P11', `position ${position}: a price of ${amount} over ${need.priceCap}`);
      }
      for (const account of touched) {
        const [own, theirs] = [balances.get(account) ?? 0, state.accounts.get(account as never) ?? 0];
        if (own !== theirs)
          fault('P9', `position ${position}: ${account} holds ${theirs}, its postings add up to ${own}`);
        if (own < 0 && account !== 'mint') fault('P9', `position ${position}: ${account} holds ${own}`);
      }
      entries += 1;
      if (entries % WHOLE_EVERY !== 0) return;
      for (const [invariant, check] of Object.entries(CHECKERS))
        for (const detail of check(state))
          fault(ABOUT[invariant] ?? 'P9', `position ${position}: ${invariant} ${detail}`);
    },
  };
}
