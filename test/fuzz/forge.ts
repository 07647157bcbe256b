import type { RandomStream, Signer } from '@canswarm/ports';
import {
  type Crypto,
  concat,
  type DagMap,
  type DagValue,
  decodeCbor,
  didOfKey,
  encodeCbor,
  isList,
  isMap,
  utf8,
} from '@canswarm/protocol';

/** An envelope in its two parts, as far as they can be told apart. */
export interface Parts {
  readonly payload: Uint8Array;
  readonly proof: DagValue;
}

/** Splits genuine envelope bytes. */
export function partsOf(envelope: Uint8Array): Parts {
  const decoded = decodeCbor(envelope);
  const [payload, proof] = decoded.ok && isList(decoded.value) ? decoded.value : [];
  if (!(payload instanceof Uint8Array) || proof === undefined) throw new TypeError('not an envelope');
  return { payload, proof };
}

/** Splits genuine entry bytes. */
export function entryPartsOf(entry: Uint8Array): Parts & { readonly evidence: Uint8Array | null } {
  const decoded = decodeCbor(entry);
  const [payload, proof, evidence] = decoded.ok && isList(decoded.value) ? decoded.value : [];
  if (!(payload instanceof Uint8Array) || proof === undefined) throw new TypeError('not an entry');
  return { payload, proof, evidence: evidence instanceof Uint8Array ? evidence : null };
}

/** The fields of genuine payload bytes. */
export function fieldsOf(payload: Uint8Array): DagMap {
  const decoded = decodeCbor(payload);
  if (!decoded.ok || !isMap(decoded.value)) throw new TypeError('not a payload');
  return decoded.value;
}

/** Tools of one who forges: chance, and keys of its own. */
export class Forge {
  readonly crypto: Crypto;
  readonly #random: RandomStream;

  constructor(crypto: Crypto, random: RandomStream) {
    this.crypto = crypto;
    this.#random = random;
  }

  below(limit: number): number {
    return this.#random.below(limit);
  }

  bytes(length: number): Uint8Array {
    return this.#random.bytes(length);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** A key that nobody knows. */
  stranger(): Signer {
    const seed = this.bytes(32);
    return { did: didOfKey(this.crypto.publicKey(seed)), sign: (message) => this.crypto.sign(seed, message) };
  }

  /** An envelope around any payload bytes, properly signed. */
  sign(payload: Uint8Array, signer: Signer): Uint8Array {
    const signature = signer.sign(concat([utf8('can/1/env'), this.crypto.sha256(payload)]));
    return encodeCbor([payload, [0, signature]]);
  }

  /** A payload's fields with some replaced, signed by a stranger. */
  resign(fields: DagMap, changes: DagMap, signer: Signer = this.stranger()): Uint8Array {
    return this.sign(encodeCbor({ ...fields, ...changes, from: signer.did }), signer);
  }

  /** An entry of a stranger in the manner of a genuine one; its evidence fits. */
  resignEntry(
    fields: DagMap,
    changes: DagMap,
    evidence: Uint8Array | null,
    signer: Signer = this.stranger(),
  ): Uint8Array {
    const hash = evidence === null ? null : this.crypto.sha256(evidence);
    const { payload, proof } = partsOf(this.resign(fields, { ...changes, evidence: hash }, signer));
    return encodeCbor([payload, proof, evidence]);
  }

  /** One to eight bits turned over. */
  flip(bytes: Uint8Array): Uint8Array {
    const flipped = bytes.slice();
    for (let count = 1 + this.below(8); count > 0; count -= 1) {
      const at = this.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << this.below(8));
    }
    return flipped;
  }

  /** Something that no field expects. */
  oddity(): DagValue {
    return this.pick<() => DagValue>([
      () => null,
      () => -1,
      () => Number.MAX_SAFE_INTEGER,
      () => '',
      () => 'x'.repeat(1 + this.below(3_000)),
      () => this.bytes(this.below(100)),
      () => [],
      () => ({}),
      () => true,
      () => [[[[[[this.bytes(4)]]]]]],
      () => ({ v: 1, '': [] }),
    ])();
  }
}
