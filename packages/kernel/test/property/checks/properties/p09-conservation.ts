import type { Property } from '../step.ts';

export default {
  id: 'P9',
  holds: 'credits are conserved, none negative; every posting is a whole number above 0',
  needsModel: false,
  *check({ applied, state }) {
    for (const event of applied.events) {
      if (event.type === 'posting' && !(Number.isSafeInteger(event.amount) && event.amount > 0))
        yield `${event.code} posts ${event.amount}`;
    }
    let sum = 0n;
    for (const [account, balance] of state.accounts) {
      sum += BigInt(balance);
      if (balance < 0 && account !== 'mint') yield `${account} holds ${balance}`;
    }
    if (sum !== 0n) yield `accounts sum to ${sum}`;
  },
} satisfies Property;
