import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { didOfKey } from '@canswarm/protocol';
import type { SignerHarness } from '../../src/compliance/index.ts';
import { toyWorld } from './toy-world.ts';

export type SignerFault = 'names another key' | 'scribbles on the message' | 'reuses its buffer';

function keyOf(fill: number): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, fill)]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

/** The last 32 bytes of an Ed25519 key's SPKI form are the key. */
function publicBytes(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
}

export function toySigner(fault: SignerFault | null): SignerHarness {
  const key = keyOf(1);
  const kept = new Uint8Array(64);
  const spki = Buffer.from('302a300506032b6570032100', 'hex');
  return {
    ...toyWorld(),
    signer: {
      did: didOfKey(publicBytes(fault === 'names another key' ? keyOf(2) : key)),
      sign(message) {
        kept.set(sign(null, message, key));
        if (fault === 'scribbles on the message') message.fill(0);
        return fault === 'reuses its buffer' ? kept : kept.slice();
      },
    },
    verify: (publicKey, message, signature) =>
      verify(null, message, { key: Buffer.concat([spki, publicKey]), format: 'der', type: 'spki' }, signature),
  };
}
