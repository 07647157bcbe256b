import type { Model } from './tables.ts';

/** Moves credits; nothing is kept but the movement itself. */
export function move(model: Model, debit: string, credit: string, amount: number): void {
  model.moves.push({ debit, credit, amount });
}

/** What an account holds: every movement ever made, added up. */
export function balance(model: Model, account: string): number {
  let sum = 0;
  for (const { debit, credit, amount } of model.moves) {
    if (credit === account) sum += amount;
    if (debit === account) sum -= amount;
  }
  return sum;
}

/** Moves all that an account holds; returns the amount. */
export function moveAll(model: Model, debit: string, credit: string): number {
  const amount = balance(model, debit);
  move(model, debit, credit, amount);
  return amount;
}

/** Burns up to `most` of what some accounts hold, the first first; returns the amount. */
export const burnFrom = (model: Model, accounts: readonly string[], most: number): number =>
  takeOut(model, accounts, most, 'burn');

/** Takes up to `most` out of these accounts, in order, to another; gives what was taken. */
export function takeOut(model: Model, accounts: readonly string[], most: number, to: string): number {
  let left = most;
  for (const account of accounts) {
    const taken = Math.min(left, balance(model, account));
    move(model, account, to, taken);
    left -= taken;
  }
  return most - left;
}

/** Accounts that a charge on the stake of a key takes from. */
export const exposedAccounts = (model: Model, did: string): readonly string[] => [
  `stake/${did}`,
  ...model.unbondings.filter((row) => row.did === did && !row.withdrawn).map(({ id }) => `unbonding/${id}`),
];

/** What every account holds that ever held anything. */
export function balances(model: Model): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { debit, credit, amount } of model.moves) {
    sums.set(debit, (sums.get(debit) ?? 0) - amount);
    sums.set(credit, (sums.get(credit) ?? 0) + amount);
  }
  return sums;
}

/** Whether a key has a free account: it is in the genesis, or was sent something. */
export const isKnown = (model: Model, did: string): boolean =>
  model.genesis.accounts.some((account) => account.did === did) ||
  model.moves.some(({ debit, credit, amount }) => amount > 0 && [debit, credit].includes(`free/${did}`));

/** ceil(a * b / c) and floor(a * b / c), on integers of any size. */
export const ceilOf = (a: number, b: number, c: number): number =>
  Number((BigInt(a) * BigInt(b) + BigInt(c) - 1n) / BigInt(c));
export const floorOf = (a: number, b: number, c: number): number => Number((BigInt(a) * BigInt(b)) / BigInt(c));
