import { sodiumCrypto } from '@canswarm/local';
import { type Cid, cidOf, didOfKey, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { signVouch, vouchHolds } from '../../src/host/vouch.ts';

const crypto = sodiumCrypto();
const seed = (name: string): Uint8Array => crypto.sha256(utf8(name));
const did = (name: string) => didOfKey(crypto.publicKey(seed(name)));
const signer = { did: did('member'), sign: (message: Uint8Array) => crypto.sign(seed('member'), message) };
const network = (name: string): Cid => cidOf(utf8(name), 'dag-cbor', crypto.sha256);

describe('a vouch', () => {
  const dids = [did('a'), did('b')];
  const vouch = signVouch(signer, network('one'), dids);

  it('holds for its keys in its network, by whoever signed it', () => {
    expect(vouchHolds(vouch, network('one'), dids, crypto)).toBe(true);
  });

  it('holds for no other keys, order, network or voucher', () => {
    expect(vouchHolds(vouch, network('one'), [did('a')], crypto)).toBe(false);
    expect(vouchHolds(vouch, network('one'), dids.toReversed(), crypto)).toBe(false);
    expect(vouchHolds(vouch, network('two'), dids, crypto)).toBe(false);
    expect(vouchHolds({ ...vouch, by: did('other') }, network('one'), dids, crypto)).toBe(false);
  });
});
