import { type AccountId, freeAccount, stakeAccount, TRIAL_FUND } from '@canswarm/kernel';
import type { Did, Genesis, Micro } from '@canswarm/protocol';
import type { AuditEntry } from './audit-text.ts';
import { type LogBreak, type LogStep, type WalkOptions, walkLog } from './walk-log.ts';

/** One movement of credits as the log shows it. */
export interface Posting {
  /** 0 for what the genesis lists. */
  readonly position: number;
  /** The verb or kernel timer by which it moved. */
  readonly rule: string;
  readonly code: string;
  readonly debit: AccountId;
  readonly credit: AccountId;
  /** Micro-credits, > 0. */
  readonly amount: Micro;
  /** Log time, ms. */
  readonly time: number;
}

/** Balances as the postings add up to them, beside what the state says. */
export interface Ledger {
  readonly postings: readonly Posting[];
  /** Micro-credits by account, sorted by name; empty accounts are kept. */
  readonly balances: ReadonlyMap<AccountId, Micro>;
  /** Sum over all accounts. Invariant (P9): 0. */
  readonly sum: bigint;
  /** Accounts whose balance in the state is not what the postings add up to. Invariant: empty. */
  readonly disagreements: readonly AccountId[];
  readonly broken: LogBreak | null;
}

/** What the genesis lists, as the postings that it stands for. */
export function genesisPostings(genesis: Genesis): readonly Posting[] {
  const made = { position: 0, rule: 'genesis', code: 'genesis', debit: 'mint', time: genesis.time } as const;
  const ofKeys = genesis.accounts.flatMap(({ did, free, stake }) => [
    { ...made, credit: freeAccount(did), amount: free },
    { ...made, credit: stakeAccount(did), amount: stake },
  ]);
  const ofTrials = { ...made, credit: TRIAL_FUND, amount: genesis.params.trialFund };
  return [...ofKeys, ofTrials].filter(({ amount }) => amount > 0);
}

/** The postings of one applied entry. */
export function postingsOf({ applied, timeAfter }: Pick<LogStep, 'applied' | 'timeAfter'>): readonly Posting[] {
  const { position } = applied;
  return applied.events.flatMap((event) => {
    if (event.type !== 'posting') return [];
    const { rule, code, debit, credit, amount } = event;
    return [{ position, rule, code, debit, credit, amount, time: timeAfter }];
  });
}

/** Adds postings up, each from one account to another. */
export function addUp(postings: Iterable<Posting>): ReadonlyMap<AccountId, Micro> {
  const balances = new Map<AccountId, Micro>();
  for (const { debit, credit, amount } of postings) {
    balances.set(debit, (balances.get(debit) ?? 0) - amount);
    balances.set(credit, (balances.get(credit) ?? 0) + amount);
  }
  return new Map([...balances].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Accounts on which postings and state disagree. */
export function disagreements(
  balances: ReadonlyMap<AccountId, Micro>,
  accounts: ReadonlyMap<AccountId, Micro>,
): readonly AccountId[] {
  const names = new Set([...balances.keys(), ...accounts.keys()]);
  return [...names].filter((account) => (balances.get(account) ?? 0) !== (accounts.get(account) ?? 0));
}

/** The whole ledger of a log, rebuilt from its postings alone. */
export function ledgerOf(genesis: Genesis, entries: Iterable<AuditEntry>, options: WalkOptions): Ledger {
  const postings: Posting[] = [...genesisPostings(genesis)];
  const { state, broken } = walkLog(genesis, entries, options, (step) => void postings.push(...postingsOf(step)));
  const balances = addUp(postings);
  const sum = [...balances.values()].reduce((total, balance) => total + BigInt(balance), 0n);
  return {
    postings,
    balances,
    sum,
    disagreements: state === null ? [] : disagreements(balances, state.accounts),
    broken,
  };
}

/**
 * The parts of what a key owns. `bonds` are its own locked in work and challenges, `unbonding` its stake on its way out of use, `held`
 * what it set aside for others and may get back.
 */
export interface Holdings {
  readonly free: Micro;
  readonly stake: Micro;
  /** Behind its seats, with what others delegated to it of that. */
  readonly reserve: Micro;
  /** Behind other keys, as far as it backs no seat of theirs. */
  readonly delegated: Micro;
  readonly bonds: Micro;
  readonly unbonding: Micro;
  readonly held: Micro;
}

/** Accounts named by an entry, each filled once, from an account of its owner. */
const OWNED = { 'bond/': 'bonds', 'unbonding/': 'unbonding', 'hold/': 'held' } as const;

function ownedAs(account: AccountId): (typeof OWNED)[keyof typeof OWNED] | undefined {
  const kind = account.slice(0, account.indexOf('/') + 1);
  return Object.hasOwn(OWNED, kind) ? OWNED[kind as keyof typeof OWNED] : undefined;
}

/** What a key owned after `position` (all entries by default), in micro-credits. */
export function holdingsOf(postings: Iterable<Posting>, did: Did, position = Number.MAX_SAFE_INTEGER): Holdings {
  const holdings = { free: 0, stake: 0, reserve: 0, delegated: 0, bonds: 0, unbonding: 0, held: 0 };
  const owners = new Map<AccountId, string>();
  const add = (account: AccountId, amount: Micro): void => {
    const part = ownedAs(account);
    if (part !== undefined) {
      if (owners.get(account) === did) holdings[part] += amount;
    } else if (account === `free/${did}`) holdings.free += amount;
    else if (account === `stake/${did}`) holdings.stake += amount;
    else if (account === `reserve/${did}`) holdings.reserve += amount;
    else if (account.startsWith(`delegation/${did}/`)) holdings.delegated += amount;
  };
  for (const posting of postings) {
    const { debit, credit } = posting;
    if (posting.position > position) break;
    if (ownedAs(credit) !== undefined) owners.set(credit, debit.split('/')[1] ?? '');
    add(debit, -posting.amount);
    add(credit, posting.amount);
  }
  return holdings;
}

/** All that a key owns. */
export const worth = (holdings: Holdings): Micro => Object.values(holdings).reduce((sum, part) => sum + part, 0);
