import type { Did, EnvelopeId, Micro, NeedId } from '@canswarm/protocol';

/**
 * The name of an account. `mint` is the only account that may be negative; the sum over all accounts is zero.
 * `free/DID` can be spent; `stake/DID` is stake that backs nothing yet, `reserve/DID` stake that backs judgements;
 * `bond/...` backs one attempt, plan or challenge; `escrow/NEED` holds what a need may still pay; `unbonding/ENTRY` is stake on its
 * way out of use; `hold/ENTRY` is what one key set aside for another; `delegation/FROM/TO` is stake of FROM that stands behind TO and backs
 * nothing yet; `trial/DID` is what trials withhold from a key, `fund/trials` pays for those that are sponsored;
 * `fund/plants` repays plants. Spec: `spec/06-money.md`.
 */
export type AccountId =
  | 'mint'
  | 'burn'
  | `free/${string}`
  | `stake/${string}`
  | `reserve/${string}`
  | `bond/${string}`
  | `escrow/${string}`
  | `unbonding/${string}`
  | `delegation/${string}`
  | `hold/${string}`
  | `trial/${string}`
  | 'fund/trials'
  | 'fund/plants';

/** Names that are kept of a kind of account, before they are made anew. */
export const NAMES_KEPT = 32_768;

/**
 * Names of accounts of keys, each made once while it is kept: a name that is added up anew at each question is hashed anew too, which costs
 * more than all else that looking up a balance takes.
 */
function named(nameOf: (did: Did) => AccountId): (did: Did) => AccountId {
  let names = new Map<Did, AccountId>();
  return (did) => {
    const known = names.get(did);
    if (known !== undefined) return known;
    if (names.size >= NAMES_KEPT) names = new Map();
    const name = nameOf(did);
    names.set(did, name);
    return name;
  };
}

export const freeAccount = named((did) => `free/${did}`);
export const stakeAccount = named((did) => `stake/${did}`);
export const reserveAccount = named((did) => `reserve/${did}`);
export const workBondAccount = (need: NeedId, did: Did): AccountId => `bond/work/${need}/${did}`;
export const planBondAccount = (need: NeedId): AccountId => `bond/plan/${need}`;
export const challengeBondAccount = (challenge: EnvelopeId): AccountId => `bond/challenge/${challenge}`;
export const appealBondAccount = (appeal: EnvelopeId): AccountId => `bond/appeal/${appeal}`;
export const escrowAccount = (need: NeedId): AccountId => `escrow/${need}`;
export const unbondingAccount = (unbonding: EnvelopeId): AccountId => `unbonding/${unbonding}`;
export const delegationAccount = (delegator: Did, delegate: Did): AccountId => `delegation/${delegator}/${delegate}`;
export const holdAccount = (escrow: EnvelopeId): AccountId => `hold/${escrow}`;

export const trialAccount = (did: Did): AccountId => `trial/${did}`;
export const TRIAL_FUND: AccountId = 'fund/trials';
export const PLANT_FUND: AccountId = 'fund/plants';

/** The balance of an account in micro-credits; 0 for an account that does not exist. */
export function balanceOf(accounts: ReadonlyMap<AccountId, Micro>, account: AccountId): Micro {
  return accounts.get(account) ?? 0;
}
