import type { Disputes, Need } from '@canswarm/kernel';
import { HashChain, type Identity, type Offer } from '@canswarm/node';
import type { Signer } from '@canswarm/ports';
import { type Crypto, concat, type Did, didOfKey, utf8 } from '@canswarm/protocol';
import { agentOfEngine } from './attach/attached-runner.ts';
import { HostError } from './host-error.ts';
import type { KeyRing } from './key-ring.ts';
import type { AgentEntry } from './node-file.ts';

/** The secret of a verifier's hash chain: whoever has the seed of its key has its chain, and nobody else. */
export const chainSecret = (seed: Uint8Array, crypto: Crypto): Uint8Array =>
  crypto.sha256(concat([utf8('canswarm/chain/'), seed]));

/** A signer over a seed. */
export function signerOf(seed: Uint8Array, crypto: Crypto): Signer {
  const did = didOfKey(crypto.publicKey(seed));
  return { did, sign: (message) => crypto.sign(seed, message) };
}

/**
 * Opens the key of an agent and makes of it what a node runs; it does not bid for needs of `own` keys, its organisation's, and
 * `disputes` what it finds wrong.
 * Throws a HostError when it is another key.
 */
export async function openAgent(
  agent: AgentEntry,
  own: ReadonlySet<Did>,
  keys: KeyRing,
  crypto: Crypto,
  disputes: Disputes,
): Promise<Identity> {
  const seed = await keys.open(agent.key);
  const signer = signerOf(seed, crypto);
  if (signer.did !== agent.did) {
    const hint = 'Restore the key that belongs to this node: canswarm key import';
    throw new HostError('file_broken', `the key "${agent.key}" is ${signer.did}, not ${agent.did}`, hint);
  }
  const { chainLength, execute, evaluate, inspect, priceBps } = agent;
  // Whose process is not there takes on nothing.
  const isAway = agentOfEngine(execute ?? evaluate) !== null;
  return {
    ...bareIdentity(signer),
    chain: chainLength === null ? null : new HashChain(chainSecret(seed, crypto), chainLength, crypto.sha256),
    skills: new Set(isAway ? [] : agent.skills),
    engines: { execute, evaluate, inspect },
    disputes,
    offer: priceBps === null ? null : (need) => (own.has(need.requester) ? null : offerOf(need, priceBps)),
  };
}

/** A key that only says what its owner commands. */
export const bareIdentity = (signer: Signer): Identity => ({
  signer,
  chain: null,
  skills: new Set(),
  engines: { execute: null, evaluate: null, inspect: null },
  offer: null,
  disputes: 'off',
  planner: null,
  share: null,
  divides: null,
  silent: false,
  lifeless: false,
});

/** A share of the price cap, within the time that the need gives. */
function offerOf({ body }: Need, priceBps: number): Offer {
  const price = Math.ceil((body.priceCap * priceBps) / 10_000);
  return { price, floor: price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
}
