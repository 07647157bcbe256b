import type { State } from '@canswarm/kernel';
import { cidOf, type Did, utf8 } from '@canswarm/protocol';
import { figure, median } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { applied, didAt, entriesFor, sha256 } from './entries.ts';
import { addAccount, addLeasedNeed, emptyState, type LeasedNeed } from './states.ts';

const ENTRIES = 4_000;
const ROUNDS = 7;
/** Keys that pay each other. */
const PAYERS = 1_000;
const FEW = 1_000;
const MANY = 1_000_000;
const CREDIT = 1_000_000;

/** Entries applied in a second on one core, and whether that stays so however many accounts there are. */
export function applyBench(say: (line: string) => void): Metrics {
  const payers = Array.from({ length: PAYERS }, (_, index) => didAt(index));
  const states = { few: stateOf(payers, FEW), many: stateOf(payers, MANY) };
  say(`  states of ${states.few.accounts.size} and ${states.many.accounts.size} accounts`);
  const leased = { state: emptyState('dev'), holder: didAt(PAYERS) };
  const need = addLeasedNeed(leased.state, leased.holder);
  addAccount(leased.state, leased.holder, 1_000 * CREDIT);
  const seen = { few: [] as number[], many: [] as number[], lease: [] as number[], hash: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const taken = {
      few: transfers(states.few, payers),
      many: transfers(states.many, payers),
      lease: renewals(leased.state, need, round),
      hash: hashes(),
    };
    // The first round warms up.
    if (round > 0) for (const name of ['few', 'many', 'lease', 'hash'] as const) seen[name].push(taken[name]);
  }
  const perSecond = (taken: readonly number[]): number => ENTRIES / median(taken);
  return {
    'apply.ledgerPerSecond': figure(perSecond(seen.few)),
    'apply.leasePerSecond': figure(perSecond(seen.lease)),
    // The limit: the running digest of each entry, and nothing else.
    'apply.perSecond.limit': figure(perSecond(seen.hash)),
    'apply.ledgerPerSecond.ratioToLimit': figure(median(seen.hash) / median(seen.few)),
    'apply.flatness': figure(median(seen.many) / median(seen.few)),
  };
}

/** A state with so many accounts, of which the first can pay. */
function stateOf(payers: readonly Did[], accounts: number): State {
  const state = emptyState('dev');
  for (const did of payers) addAccount(state, did, 1_000 * CREDIT);
  // Accounts that nobody here speaks of: what they are called does not matter, only that they are there.
  for (let index = state.accounts.size; index < accounts; index += 1)
    addAccount(state, `did:key:z6Mk${index.toString().padStart(44, 'x')}` as Did, 0);
  return state;
}

function transfers(state: State, payers: readonly Did[]): number {
  const sayings = Array.from({ length: ENTRIES }, (_, index) => {
    const [from = '', to = ''] = [payers[(index * 7) % PAYERS], payers[(index * 13 + 1) % PAYERS]];
    return {
      from: from as Did,
      verb: 'TRANSFER',
      body: { to: to as Did, amount: 1 + (index % 9), create: false },
    } as const;
  });
  return applied(state, entriesFor(state, sayings));
}

function renewals(state: State, { id, lease }: LeasedNeed, round: number): number {
  const { attempt, fence, bid } = lease;
  const held = { need: id, task: 'main', attempt, fence };
  const sayings = Array.from({ length: ENTRIES }, (_, index) => {
    const progress = cidOf(utf8(`${round} ${index}`), 'raw', sha256);
    return { from: bid.worker, verb: 'RENEW', body: { ...held, progress }, thread: id } as const;
  });
  return applied(state, entriesFor(state, sayings));
}

/** What no law can do without: the hash over each entry's outcome. */
function hashes(): number {
  const bytes = new Uint8Array(160);
  const start = performance.now();
  for (let index = 0; index < ENTRIES; index += 1) sha256(bytes);
  return (performance.now() - start) / 1_000;
}
