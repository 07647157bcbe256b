import { blockFetcher } from '@canswarm/agent';
import { logFee, logFund, needEscrow, type State, type Stated, workBond } from '@canswarm/kernel';
import { statedResult } from '@canswarm/node';
import type { ContentStore, RandomStream } from '@canswarm/ports';
import type { ArtifactRef, Cid, Crypto, Micro, NeedBody } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { NeedRecord, PostedNeed } from '../host/need-book.ts';
import type { Planned, Role } from './plant.ts';
import { type Spoiled, spoil } from './spoil.ts';

/** Bytes of log space that each key of a plant can pay beside its bonds: its entries, and proofs of what seats passed. */
const LOG_BYTES = 65_536;

/** A need like one that was posted before. */
export function likeBody({ capSealed: _sealed, ...body }: PostedNeed): Planned['body'] {
  return { ...body, capSeal: null };
}

/** What the keys of a plant need: escrow and the bond of a challenge; the bond of the work. What is left is sent back. */
export function plantFunds(state: State, body: Planned['body']): Readonly<Record<Role, Micro>> {
  const { params } = state;
  const bond = workBond(state, { body, level: 1 });
  const logs = logFee(params, LOG_BYTES) + logFund(params);
  // A challenge costs a part of that bond, and what its proof weighs.
  return { requester: needEscrow(state, body).total + bond + logs, worker: bond + logs };
}

/**
 * Whether a need can be planted again: work done whole, for which its worker puts up a bond. Not one with a policy of its own: that would be
 * asked about keys that are nowhere, so that seats fail the plant without a look at it.
 */
export const canBeLike = ({ plan, trial, policy }: Pick<NeedBody, 'plan' | 'trial' | 'policy'>): boolean =>
  plan === null && trial === null && policy === undefined;

/** Whether the policy of the network lets the worker of a plant hand in outputs that state so much; null where nobody can prove what they state. */
export type IsAllowed = (outputs: readonly ArtifactRef[], stated: Stated | null) => boolean;

interface SpoilingGround {
  readonly content: ContentStore;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly random: RandomStream;
  readonly isAllowed: IsAllowed;
}

/**
 * The result of a need made wrong, its blocks kept. Not so that the policy of the network denies it: its worker would not hand that in, and seats
 * need no look at it. Rejects with a HostError where that cannot be.
 */
export async function spoiledResult(
  { id, body, outputs }: NeedRecord,
  { content, crypto: { sha256 }, random, isAllowed }: SpoilingGround,
): Promise<Pick<Spoiled, 'outputs' | 'fault'>> {
  const { inputs, acceptance } = body;
  const stored = blockFetcher(content);
  const isFit = async ({ outputs: made, blocks }: Spoiled): Promise<boolean> => {
    const own = new Map(blocks.map(({ cid, bytes }) => [cid, bytes]));
    const fetch = async (cid: Cid): Promise<Uint8Array> => own.get(cid) ?? (await stored(cid));
    return isAllowed(made, (await statedResult({ inputs, body }, made, fetch, sha256))?.stated ?? null);
  };
  const result = { outputs: outputs ?? [], inputs, acceptance };
  const spoiled = await spoil(result, { content, sha256, random, isFit }).catch((error: unknown) => {
    const hint = 'Its blocks must be at hand: plant like a newer need.';
    throw new HostError('refused', `the result of ${id} cannot be read`, hint, { cause: error });
  });
  if (spoiled === null) {
    const what = `nothing in the result of ${id} could be made wrong so that blocks prove it and the policy of the network does not deny it by itself`;
    const hint =
      'The acceptance needs a schema, or citations that the policy does not count: only what seats have to look at is planted.';
    throw new HostError('refused', what, hint);
  }
  await content.putBlocks(spoiled.blocks);
  return spoiled;
}
