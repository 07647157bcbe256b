import type { Did } from '@canswarm/protocol';
import type { State } from '../../src/state.ts';
import { DISHONEST, type Kind, STRATEGIES } from './kinds.ts';
import { Market, type MarketOptions } from './market.ts';

/** What the owners of one kind gained or lost, micro-credits. */
export interface Row {
  readonly kind: Kind;
  readonly owners: number;
  readonly earning: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly all: number;
  /** The most that one of them gained once everything was settled that was open then. */
  readonly settledMost: number;
}

export interface Economy {
  readonly rows: readonly Row[];
  /** What is nobody's: minted, burned, in escrow, in the fund for trials. By account kind. */
  readonly elsewhere: ReadonlyMap<string, number>;
  /** All gains and losses together, and once everything is settled. */
  readonly sum: number;
  readonly settledSum: number;
  readonly entries: number;
  readonly refused: number;
  readonly needs: number;
  readonly final: number;
}

/**
 * Lives through a market and says who gained and who lost by its end, and once everything was settled that was open then. What is a key's is
 * counted as its own, whether it can spend it now or not.
 */
export function economyOf(options: MarketOptions): Economy {
  const market = new Market(options);
  const owners = new Map(market.cast.people.map(({ who, owner }) => [who.did, owner]));
  const before = wealthOf(market.world.state, owners);
  market.run();
  const changes = changesOf(before, wealthOf(market.world.state, owners));
  market.settle();
  const settled = changesOf(before, wealthOf(market.world.state, owners));
  const kinds = new Map(market.cast.people.map(({ owner, kind }) => [owner, kind]));
  const rows = (Object.keys(STRATEGIES) as Kind[]).map((kind) =>
    rowOf(
      kind,
      [...kinds].flatMap(([owner, one]) => (one === kind ? [changes.get(owner) ?? 0] : [])),
      [...kinds].flatMap(([owner, one]) => (one === kind ? [settled.get(owner) ?? 0] : [])),
    ),
  );
  const { applied } = market.world;
  const count = (type: string): number =>
    applied.reduce((sum, { events }) => sum + events.filter((event) => event.type === type).length, 0);
  return {
    rows,
    elsewhere: new Map([...changes].filter(([name]) => !kinds.has(name))),
    sum: sumOf(changes),
    settledSum: sumOf(settled),
    entries: applied.length,
    refused: market.refused,
    needs: count('need_opened'),
    final: count('finalized'),
  };
}

/** Balances by owner; of accounts that are no key's, by the kind of account. */
function wealthOf({ accounts }: State, owners: ReadonlyMap<Did, string>): ReadonlyMap<string, number> {
  const wealth = new Map<string, number>();
  for (const [account, balance] of accounts) {
    const [kind = '', ...rest] = account.split('/');
    const owner = owners.get(rest.at(-1) as Did) ?? kind;
    wealth.set(owner, (wealth.get(owner) ?? 0) + balance);
  }
  return wealth;
}

function changesOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const names = new Set([...before.keys(), ...after.keys()]);
  return new Map([...names].map((name) => [name, (after.get(name) ?? 0) - (before.get(name) ?? 0)]));
}

const sumOf = (changes: ReadonlyMap<string, number>): number =>
  [...changes.values()].reduce((sum, change) => sum + change, 0);

function rowOf(kind: Kind, changes: readonly number[], settled: readonly number[]): Row {
  const rising = [...changes].sort((a, b) => a - b);
  return {
    kind,
    owners: rising.length,
    earning: rising.filter((change) => change > 0).length,
    median: rising[Math.floor((rising.length - 1) / 2)] ?? 0,
    least: rising[0] ?? 0,
    most: rising.at(-1) ?? 0,
    all: rising.reduce((sum, change) => sum + change, 0),
    settledMost: Math.max(...settled),
  };
}

/** What the economy must come to; empty where it does. */
export function faultsOf({ rows, sum, settledSum }: Economy): readonly string[] {
  const faults = [sum, settledSum].every((one) => one === 0)
    ? []
    : [`gains and losses add up to ${sum}, ${settledSum}`];
  for (const { kind, owners, earning, most, settledMost } of rows) {
    if (kind === 'newcomer' && earning * 10 < owners * 8) faults.push(`${earning} of ${owners} newcomers earn`);
    const gain = Math.max(most, settledMost);
    if (DISHONEST.has(kind) && gain > 0) faults.push(`a ${kind} gains ${gain}`);
  }
  return faults;
}
