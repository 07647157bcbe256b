import { encodeCbor } from './cbor/encode.ts';
import { Link } from './cbor/value.ts';
import type { Crypto, MessageSigner } from './crypto.ts';
import { keyOfDid } from './did.ts';
import { inDomain } from './domains.ts';
import { strictVerify } from './ed25519.ts';
import type { Cid, Did } from './ids.ts';
import type { JoinBody } from './verbs/account.ts';

/** A signed statement about whose key a key is, good in one network. */
export type Credential = NonNullable<JoinBody['credential']>;

/** What an issuer says of a subject. */
export type CredentialClaims = Pick<Credential, 'org' | 'asn' | 'region'>;

function credentialMessage(claims: CredentialClaims, subject: Did, network: Cid): Uint8Array {
  const { org, asn, region } = claims;
  return inDomain('credential', encodeCbor({ subject, org, asn, region, network: new Link(network) }));
}

/** Issues a credential. Source: `spec/02-envelopes.md`, credentials. */
export function signCredential(
  claims: CredentialClaims,
  subject: Did,
  network: Cid,
  issuer: MessageSigner,
): Credential {
  const { org, asn, region } = claims;
  return { org, asn, region, issuer: issuer.did, signature: issuer.sign(credentialMessage(claims, subject, network)) };
}

/** Whether the issuer said so of this subject in this network. Whether the issuer may is the kernel's to judge. */
export function credentialHolds(
  credential: Credential,
  subject: Did,
  network: Cid,
  crypto: Pick<Crypto, 'verify'>,
): boolean {
  const message = credentialMessage(credential, subject, network);
  return strictVerify(crypto, keyOfDid(credential.issuer), message, credential.signature);
}
