import { balanceOf, workBondAccount } from '../accounts.ts';
import { isRejection } from '../context.ts';
import { loseLease } from '../need-life.ts';
import { findLease } from './lease-entry.ts';
import type { Rule } from './rule.ts';

/** YIELD: the holder gives the task up and half its bond with it. Spec: `spec/04-verbs.md`, YIELD. */
export const judgeYield: Rule<'YIELD'> = (context, { payload }) => {
  // 1 to 5
  const held = findLease(context, payload.body, payload.from);
  if (isRejection(held)) return held;
  const bond = balanceOf(context.state.accounts, workBondAccount(held.need.id, payload.from));
  return () => loseLease(context, held.need, 'yielded', Math.floor(bond / 2));
};
