import type { Model } from './model.ts';

/** An entry that moves credits into an account or out of it. */
export interface BalanceInput {
  readonly on: 'balance';
  /** `balance/ACCOUNT` */
  readonly key: string;
  /** The entry. */
  readonly by: string;
  /** What comes in, less what goes out, in micro-credits: it happens if the entry takes effect. */
  readonly change: number;
}

/** What was in it before and after, as whoever sent the entry saw it. */
export interface BalanceOutput {
  readonly before: number;
  readonly after: number;
}

/** An account: what one finds in it is what the one before left, and never less than nothing. */
export const balances: Model<BalanceInput, BalanceOutput, number> = {
  name: 'balances',
  initialOf: () => 0,
  keyOf: ({ key }) => key,
  changes: ({ change }) => change !== 0,
  effectOf: ({ change }) => String(change),
  step(balance, { change }, output) {
    const after = balance + change;
    if (after < 0) return output === undefined ? balance : undefined;
    return output === undefined || (output.before === balance && output.after === after) ? after : undefined;
  },
  isRepeatable: () => false,
  relationOf(_, output) {
    if (output === undefined) return { watches: 'every', makes: 'any' };
    return { finds: String(output.before), makes: { state: String(output.after) } };
  },
  textOf: (balance) => String(balance),
  tell({ change, by }, output) {
    const found = output === undefined ? '?' : `${output.before} -> ${output.after}`;
    return `${change < 0 ? '' : '+'}${change} by ${by}: ${found}`;
  },
};
