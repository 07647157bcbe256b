import { balanceOf, freeAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { transfer } from '../ledger.ts';
import type { Rule } from './rule.ts';

/** MINT: the authority makes credits, under the cap. Spec: `spec/04-verbs.md`, MINT. */
export const judgeMint: Rule<'MINT'> = (context, { payload }) => {
  const { state } = context;
  const { to, amount, create } = payload.body;
  // 1 authority_only
  if (payload.from !== state.authority) return reject('authority_only', { authority: state.authority });
  // 2 supply_cap: all that was ever minted stays within the cap
  const minted = -balanceOf(state.accounts, 'mint');
  if (amount > state.supplyCap - minted) return reject('supply_cap', { minted, amount, cap: state.supplyCap });
  // 3 account_unknown: a mistyped receiver is refused
  const credit = freeAccount(to);
  if (!create && !state.accounts.has(credit)) return reject('account_unknown', { to });
  return () => transfer(context, { code: 'mint', debit: 'mint', credit, amount });
};
