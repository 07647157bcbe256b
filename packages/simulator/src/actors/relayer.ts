import { packMessage } from '@canswarm/node';
import type { RandomStream, Signer } from '@canswarm/ports';
import {
  type Crypto,
  concat,
  type DagValue,
  decodeCbor,
  encodeCbor,
  isList,
  sealEntry,
  utf8,
} from '@canswarm/protocol';
import { oneOf, shuffled, within } from '../world/draw.ts';
import type { Ear } from './ear.ts';
import type { Voice } from './voice.ts';

const FLIPS = { min: 1, max: 8 };
const MIXED = 6;
const SIGNED = utf8('can/1/env');

/** Passes on what it hears, not as it heard it: altered, cut, mixed with what is sound, signed by another, or again. */
export class Relayer {
  readonly #voice: Voice;
  readonly #ear: Ear;
  readonly #signer: Signer;
  readonly #stream: RandomStream;
  readonly #crypto: Crypto;

  constructor(voice: Voice, ear: Ear, signer: Signer, stream: RandomStream, crypto: Crypto) {
    this.#voice = voice;
    this.#ear = ear;
    this.#signer = signer;
    this.#stream = stream;
    this.#crypto = crypto;
  }

  /** Returns whether it said something. */
  act(): boolean {
    const { envelopes, entries } = this.#ear;
    if (envelopes.length === 0 || entries.length === 0) return false;
    const [envelope, other] = [oneOf(this.#stream, envelopes), oneOf(this.#stream, envelopes)];
    const [entry, next] = [oneOf(this.#stream, entries), oneOf(this.#stream, entries)];
    oneOf(this.#stream, [
      () => this.#voice.publish([this.#flip(envelope)]),
      () => this.#voice.publish([this.#flip(envelope), other]),
      () => this.#voice.publish([this.#cut(envelope), other]),
      () => this.#voice.publishBytes(this.#cut(packMessage([envelope, other]))),
      () => this.#voice.publish([this.#takeOver(envelope)]),
      () => this.#voice.publish(shuffled(this.#stream, envelopes).slice(0, MIXED)),
      () => this.#voice.append([this.#flip(entry)]),
      () => this.#voice.append([this.#cut(entry)]),
      () => this.#voice.append([this.#withEvidence(entry, partsOf(next)[2] ?? null)]),
      () => this.#voice.append([this.#withEvidence(entry, null)]),
      () => this.#voice.append([sealEntry(envelope, null), entry]),
    ])();
    return true;
  }

  /** A few bits turned over. */
  #flip(bytes: Uint8Array): Uint8Array {
    const flipped = bytes.slice();
    for (let count = within(this.#stream, FLIPS); count > 0; count -= 1) {
      const at = this.#stream.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << this.#stream.below(8));
    }
    return flipped;
  }

  #cut(bytes: Uint8Array): Uint8Array {
    return bytes.slice(0, 1 + this.#stream.below(Math.max(1, bytes.length - 1)));
  }

  /** What another said, under its name, with a signature of this key. */
  #takeOver(envelope: Uint8Array): Uint8Array {
    const [payload] = partsOf(envelope);
    if (!(payload instanceof Uint8Array)) return envelope;
    return encodeCbor([payload, [0, this.#signer.sign(concat([SIGNED, this.#crypto.sha256(payload)]))]]);
  }

  /** The entry of another with other evidence than it names. */
  #withEvidence(entry: Uint8Array, evidence: DagValue): Uint8Array {
    const [payload = null, proof = null] = partsOf(entry);
    return encodeCbor([payload, proof, evidence]);
  }
}

function partsOf(bytes: Uint8Array): readonly DagValue[] {
  const decoded = decodeCbor(bytes);
  return decoded.ok && isList(decoded.value) ? decoded.value : [];
}
