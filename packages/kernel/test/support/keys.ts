import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { type Crypto, type Did, didOfKey, type MessageSigner, toHex, utf8 } from '@canswarm/protocol';
import { chainNext } from '../../src/hashing.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'));

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function kept<Made>(make: (bytes: Uint8Array) => Made): (bytes: Uint8Array) => Made {
  const made = new Map<string, Made>();
  return (bytes) => {
    const name = toHex(bytes);
    const known = made.get(name) ?? make(bytes);
    made.set(name, known);
    return known;
  };
}

const privateKey = kept<KeyObject>((seed) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' }),
);
const publicKey = kept<KeyObject>((bytes) =>
  createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' }),
);

/** Ed25519 by OpenSSL; key objects are kept, tests use few keys. */
export const crypto: Crypto = {
  sha256,
  publicKey: (seed) => {
    const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
    return new Uint8Array(der.subarray(SPKI.length));
  },
  sign: (seed, message) => new Uint8Array(sign(null, message, privateKey(seed))),
  verify: (key, message, signature) => verify(null, message, publicKey(key), signature),
};

/** A key of a test, made from its name. */
export interface Agent extends MessageSigner {
  readonly name: string;
}

const agents = new Map<string, Agent>();

/** The same key for the same name, in every test. */
export function agent(name: string): Agent {
  const known = agents.get(name);
  if (known !== undefined) return known;
  const seed = sha256(utf8(`agent ${name}`));
  const did: Did = didOfKey(crypto.publicKey(seed));
  const made: Agent = { name, did, sign: (message) => crypto.sign(seed, message) };
  agents.set(name, made);
  return made;
}

/** A hash chain: `values[0]` is the deepest secret, the last value is the tip. */
export interface Chain {
  readonly tip: Uint8Array;
  readonly length: number;
  /** The value that hashes to this tip, by hex; undefined at the end of the chain. */
  before(tip: string): Uint8Array | undefined;
}

export function makeChain(secret: string, length: number): Chain {
  const values = [sha256(utf8(`chain ${secret}`))];
  const before = new Map<string, Uint8Array>();
  for (let index = 0; index < length; index += 1) {
    const value = values[index] ?? new Uint8Array(32);
    const next = chainNext(sha256, value);
    before.set(toHex(next), value);
    values.push(next);
  }
  return { tip: values[length] ?? new Uint8Array(32), length, before: (tip) => before.get(tip) };
}
