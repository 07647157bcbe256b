import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '@canswarm/kernel';
import { basePolicy } from '@canswarm/policies';
import { opaPolicies } from '@canswarm/policy-opa';
import { capsuleFromJson, encodeCapsule, type Genesis } from '@canswarm/protocol';
import { applied, didAt, entriesFor } from '../kernel/entries.ts';
import { addAccount, emptyState } from '../kernel/states.ts';
import { figure, rounds } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const ENTRIES = 2_000;
const ROUNDS = 7;
/** Keys that pay each other. */
const PAYERS = 1_000;
const CREDIT = 1_000_000;

/** Transfers applied in a second on one core, with the base policy and without a policy. */
export async function ledgerBench(): Promise<Metrics> {
  const states = { policed: stateWith(baseInGenesis()), bare: stateWith(undefined) };
  const taken = rounds(ROUNDS, {
    policed: () => transfers(states.policed),
    bare: () => transfers(states.bare),
  });
  return {
    'policy.ledgerPerSecond': figure(ENTRIES / taken.policed),
    'policy.ledgerBarePerSecond': figure(ENTRIES / taken.bare),
  };
}

function baseInGenesis(): Genesis['policy'] {
  const read = capsuleFromJson(readFileSync(join(basePolicy, 'capsule.json'), 'utf8').trimEnd());
  if (!read.ok) throw new Error(`the base policy has no capsule: ${read.code}`);
  const engine = new Uint8Array(readFileSync(join(basePolicy, 'policy.wasm')));
  return { capsule: encodeCapsule(read.signed.capsule), engine };
}

function stateWith(policy: Genesis['policy']): State {
  const state = emptyState('dev', policy, opaPolicies());
  for (let index = 0; index < PAYERS; index += 1) addAccount(state, didAt(index), 1_000 * CREDIT);
  return state;
}

function transfers(state: State): number {
  const sayings = Array.from({ length: ENTRIES }, (_, index) => {
    const body = { to: didAt((index * 13 + 1) % PAYERS), amount: 1 + (index % 9), create: false };
    return { from: didAt((index * 7) % PAYERS), verb: 'TRANSFER', body } as const;
  });
  return applied(state, entriesFor(state, sayings));
}
