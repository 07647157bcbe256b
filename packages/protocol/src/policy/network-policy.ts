import { concat } from '../bytes.ts';
import { type Block, cidOf } from '../cid.ts';
import type { Sha256 } from '../crypto.ts';
import type { Cid } from '../ids.ts';
import { LEAF_BYTES, POLICY_ENGINE_BYTES_MAX } from '../limits.ts';
import type { PolicyBody } from '../verbs/account.ts';
import { type Capsule, encodeCapsule, parseCapsule } from './capsule.ts';

/** A policy with all that judges by it. */
export interface NetworkPolicy {
  readonly cid: Cid;
  readonly capsule: Capsule;
  /** The compiled policy. */
  readonly engine: Uint8Array;
}

/** Reads a policy from its capsule's block and its module; null where the block is no capsule, or names another module. */
export function policyOf(block: Uint8Array, engine: Uint8Array, sha256: Sha256): NetworkPolicy | null {
  const parsed = parseCapsule(block);
  if (!parsed.ok || engine.length > POLICY_ENGINE_BYTES_MAX) return null;
  if (cidOf(engine, 'raw', sha256) !== parsed.capsule.engine) return null;
  return { cid: cidOf(block, 'dag-cbor', sha256), capsule: parsed.capsule, engine };
}

/** What a POLICY says, and the blocks of its evidence. */
export interface PolicyPieces {
  readonly body: PolicyBody;
  readonly blocks: readonly Block[];
}

/** Takes a policy apart for an entry: blocks that occur twice are listed once. Throws RangeError for a module that is too large. */
export function policyPieces({ capsule, engine }: Omit<NetworkPolicy, 'cid'>, sha256: Sha256): PolicyPieces {
  if (engine.length > POLICY_ENGINE_BYTES_MAX)
    throw new RangeError(`the module of a network's policy has at most ${POLICY_ENGINE_BYTES_MAX} bytes`);
  const block = encodeCapsule(capsule);
  const cid = cidOf(block, 'dag-cbor', sha256);
  const blocks = new Map<Cid, Uint8Array>([[cid, block]]);
  const pieces: Cid[] = [];
  for (let start = 0; start < engine.length; start += LEAF_BYTES) {
    const bytes = engine.slice(start, start + LEAF_BYTES);
    const piece = cidOf(bytes, 'raw', sha256);
    blocks.set(piece, bytes);
    pieces.push(piece);
  }
  return { body: { capsule: cid, pieces }, blocks: [...blocks].map(([name, bytes]) => ({ cid: name, bytes })) };
}

/** Puts a policy together from the blocks that an entry brought; null where one lacks, or they are no policy of this name. */
export function policyOfPieces(
  { capsule, pieces }: PolicyBody,
  blocks: ReadonlyMap<Cid, Uint8Array>,
  sha256: Sha256,
): NetworkPolicy | null {
  const block = blocks.get(capsule);
  const parts = pieces.map((piece) => blocks.get(piece));
  if (block === undefined || !parts.every((part) => part !== undefined)) return null;
  const policy = policyOf(block, concat(parts), sha256);
  return policy?.cid === capsule ? policy : null;
}
