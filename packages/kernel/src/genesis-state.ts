import type { Genesis, Sha256 } from '@canswarm/protocol';
import { genesisCid, policyOf, toHex } from '@canswarm/protocol';
import { balanceOf, freeAccount, stakeAccount, TRIAL_FUND } from './accounts.ts';
import { beginBootstrap } from './bootstrap.ts';
import type { Context } from './context.ts';
import { hashParts } from './hashing.ts';
import { invariant } from './invariant.ts';
import { transfer } from './ledger.ts';
import { beginPolicy, type LoadPolicy, loadPolicy } from './policy/network-policy.ts';
import { UNVERIFIED } from './pool.ts';
import type { State } from './state.ts';
import { TIME_MS_MAX, Timers } from './timers.ts';

/** The only version of the rules so far. Every version stays in the code, so that old histories replay for ever. */
export const RULES_VERSION = 1;

/**
 * The state before the first entry: what the genesis lists, as postings from `mint`. Throws on an unknown rules
 * version, and on a policy that is none or that nothing decides by here: such a node must stop. Spec: `spec/03-kernel.md`, genesis.
 */
export function createState(genesis: Genesis, sha256: Sha256, load: LoadPolicy | null = null): State {
  invariant(
    'INV-RULES',
    genesis.rulesVersion === RULES_VERSION,
    `rules version ${genesis.rulesVersion} is unknown here`,
  );
  invariant('INV-TIME', genesis.time <= TIME_MS_MAX, `the genesis begins at ${genesis.time}`);
  const network = genesisCid(genesis, sha256);
  const digest = hashParts(sha256, 'can/1/digest-genesis', [network]);
  const state: State = {
    network,
    authority: genesis.authority,
    supplyCap: genesis.supplyCap,
    arbiters: genesis.arbiters,
    params: genesis.params,
    rulesVersion: genesis.rulesVersion,
    epoch: genesis.epoch,
    incarnation: genesis.incarnation,
    position: 0,
    digest,
    time: genesis.time,
    accounts: new Map([
      ['mint', 0],
      ['burn', 0],
    ]),
    members: new Map(),
    needs: new Map(),
    commits: new Map(),
    committees: new Map(),
    pendingDraws: new Map(),
    challenges: new Map(),
    unbondings: new Map(),
    delegations: new Map(),
    escrows: new Map(),
    escrowsOpen: new Map(),
    reputation: new Map(),
    pairs: new Map(),
    trials: new Map(),
    plants: new Map(),
    bootstrap: null,
    timers: new Timers(),
    digests: { first: 0, values: [digest] },
    accepted: new Map(),
    charged: new Map(),
    lateTicks: new Set(),
    policy: null,
    suspensions: new Map(),
    pool: null,
  };
  const context: Context = { state, sha256, position: 0, rule: 'genesis', emit: () => undefined };
  for (const { did, free, stake } of genesis.accounts) {
    state.accounts.set(freeAccount(did), balanceOf(state.accounts, freeAccount(did)));
    transfer(context, { code: 'genesis', debit: 'mint', credit: freeAccount(did), amount: free });
    transfer(context, { code: 'genesis', debit: 'mint', credit: stakeAccount(did), amount: stake });
  }
  fundTrials(context);
  addMembers(state, genesis);
  beginBootstrap(state);
  if (genesis.policy !== undefined) {
    const policy = policyOf(genesis.policy.capsule, genesis.policy.engine, sha256);
    const loaded = policy === null ? null : loadPolicy(policy, load);
    invariant('INV-POLICY', loaded !== null, 'the policy of the genesis is none');
    state.policy = beginPolicy(null, loaded, state.epoch, 0);
  }
  return state;
}

/** What sponsored trials are paid from comes last of what the genesis mints. */
function fundTrials(context: Context): void {
  const { accounts, supplyCap, params } = context.state;
  transfer(context, { code: 'genesis', debit: 'mint', credit: TRIAL_FUND, amount: params.trialFund });
  const minted = -balanceOf(accounts, 'mint');
  invariant('INV-SUPPLY', minted <= supplyCap, `genesis mints ${minted} over the cap ${supplyCap}`);
}

function addMembers(state: State, genesis: Genesis): void {
  for (const { did, org, asn, region, tip, chainLength } of genesis.members) {
    state.members.set(did, {
      did,
      entity: org === null ? UNVERIFIED : `org:${org}`,
      asn,
      region,
      tip: tip === null ? null : toHex(tip),
      joinedAt: 0,
      revealsLeft: chainLength,
      reported: genesis.time,
      silences: 0,
      missedAt: 0,
      active: true,
      left: false,
    });
  }
}
