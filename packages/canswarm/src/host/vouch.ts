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

/** An organisation's word that more keys are its own: signed by a key that is a member already. */
export interface Vouch {
  readonly by: Did;
  readonly signature: Uint8Array;
}

const DOMAIN = utf8('can/1/vouch');

const message = (network: Cid, dids: readonly Did[]): Uint8Array =>
  concat([DOMAIN, encodeCbor({ network: linkOf(network), dids: [...dids] })]);

/** Signs that these keys are of the signer's organisation. Source: `spec/10-peers.md`, joining. */
export const signVouch = (signer: Signer, network: Cid, dids: readonly Did[]): Vouch => ({
  by: signer.did,
  signature: signer.sign(message(network, dids)),
});

export const vouchHolds = ({ by, signature }: Vouch, network: Cid, dids: readonly Did[], crypto: Crypto): boolean =>
  strictVerify(crypto, keyOfDid(by), message(network, dids), signature);
