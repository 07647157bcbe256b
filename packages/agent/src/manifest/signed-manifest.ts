import type { Signer } from '@canswarm/ports';
import {
  type Cid,
  type Crypto,
  concat,
  type Did,
  encodeCbor,
  keyOfDid,
  linkOf,
  strictVerify,
  utf8,
} from '@canswarm/protocol';
import { type AgentManifest, manifestText } from './agent-manifest.ts';

/** A manifest with the word of the agent's key for it, in one network. */
export interface SignedManifest {
  readonly manifest: AgentManifest;
  readonly did: Did;
  readonly signature: Uint8Array;
}

const DOMAIN = utf8('can/1/manifest');

const message = (manifest: AgentManifest, did: Did, network: Cid, { sha256 }: Pick<Crypto, 'sha256'>): Uint8Array =>
  concat([DOMAIN, encodeCbor({ network: linkOf(network), did, hash: sha256(utf8(manifestText(manifest))) })]);

/** Signs a manifest with the agent's key for one network. Source: `spec/12-agents.md`, manifests. */
export const signManifest = (
  manifest: AgentManifest,
  signer: Signer,
  network: Cid,
  crypto: Pick<Crypto, 'sha256'>,
): SignedManifest => ({
  manifest,
  did: signer.did,
  signature: signer.sign(message(manifest, signer.did, network, crypto)),
});

/** Whether the key named says this manifest in this network. It says nothing about whether it is true. */
export const manifestHolds = ({ manifest, did, signature }: SignedManifest, network: Cid, crypto: Crypto): boolean =>
  strictVerify(crypto, keyOfDid(did), message(manifest, did, network, crypto), signature);
