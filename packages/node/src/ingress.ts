import type { Meter, Verdict } from '@canswarm/ports';
import {
  BoundedCache,
  BoundedSet,
  type Cid,
  type Crypto,
  isLogVerb,
  type Memo,
  type Opened,
  openBatch,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { type Piece, packMessage, unpackMessage } from './message.ts';
import { SelectiveMemo } from './selective-memo.ts';
import type { Verified } from './verified.ts';

const SEEN_MAX = 65_536;
/** Envelopes a sender may spend at once, and how many it regains a second. */
const RATE_BURST = 4_096;
const RATE_PER_SECOND = 2_048;
const SENDERS_MAX = 4_096;

export interface IngressOptions {
  readonly crypto: Crypto;
  /** Remembers what is taken. */
  readonly memo: Memo;
  readonly verified: Verified | null;
  readonly network: Cid;
  /** Gossip made later than this many ms from now is refused. */
  readonly aheadMs: number;
  readonly meter: Meter;
  now(): number;
  /** Takes an envelope that passed every check here. Null: it is worth passing on; otherwise why it is not. */
  onEnvelope(envelope: VerifiedEnvelope): string | null;
}

/** What a message is worth, and what is to be passed on in its place. */
export interface Received {
  readonly verdict: Verdict;
  /** A message of what was new and of use in one that is not passed on itself; null: nothing was. */
  readonly rest: Uint8Array | null;
}

/**
 * The way in for gossip: size, decoding, deduplication by all bytes, signature, deduplication by id, time, rate. An id
 * counts as seen only after its signature verified, so a forged copy never shadows the genuine one. Every refusal is
 * counted by its code. Source: `spec/02-envelopes.md`, ingress.
 */
export class Ingress {
  readonly #options: IngressOptions;
  readonly #memo: SelectiveMemo;
  readonly #seenBytes = new BoundedSet<string>(SEEN_MAX);
  readonly #seenIds = new BoundedSet<string>(SEEN_MAX);
  readonly #budgets = new BoundedCache<string, { left: number; at: number }>(SENDERS_MAX);

  constructor(options: IngressOptions) {
    this.#options = options;
    this.#memo = new SelectiveMemo(options.memo, options.verified);
  }

  /**
   * Takes what a message holds, and says what it is worth. One with an envelope that came before, or a forged one, is not passed on, or
   * who mixes them would have honest peers spread it again and again. What else is of use in it is passed on by itself: else who mixes
   * would keep it from others. All who do so make the same message of it, so that it travels once.
   */
  receive(message: Uint8Array): Received {
    const pieces = this.#unpack(message);
    if (pieces === null) return { verdict: this.#refuse('message_malformed'), rest: null };
    const unseen = this.#unseen(pieces);
    const useful: Uint8Array[] = [];
    let isSound = true;
    for (const opened of this.#open(unseen)) {
      if (!opened.ok) {
        this.#refuse(opened.code);
        isSound = false;
      } else if (this.#take(opened.envelope)) useful.push(opened.envelope.bytes);
    }
    this.#memo.clear();
    if (isSound && unseen.length === pieces.length)
      return { verdict: useful.length > 0 ? 'accept' : 'ignore', rest: null };
    return { verdict: isSound ? 'known' : 'reject', rest: useful.length === 0 ? null : packMessage(useful) };
  }

  /** What a message holds, which another node of this process may have asked of the same bytes. */
  #unpack(message: Uint8Array): readonly Piece[] | null {
    const { crypto, verified } = this.#options;
    const known = verified?.messages.get(message);
    if (known !== undefined) return known;
    const pieces = unpackMessage(message, crypto.sha256);
    verified?.messages.set(message, pieces);
    return pieces;
  }

  /** Leaves out what came before, by the hash of all its bytes; nothing of it is trusted yet. */
  #unseen(pieces: readonly Piece[]): readonly Piece[] {
    return pieces.filter(({ key }) => {
      const isSeen = this.#seenBytes.meet(key);
      if (isSeen) this.#options.meter.add('ingress.duplicate', 1);
      return !isSeen;
    });
  }

  /** Opens all; what none of them has to be verified for is not looked at again. */
  #open(pieces: readonly Piece[]): readonly Opened[] {
    const known = pieces.map(({ key }) => this.#memo.envelopes.get(key));
    if (known.every((envelope) => envelope !== undefined)) return known.map((envelope) => ({ ok: true, envelope }));
    const { crypto } = this.#options;
    const hashes = new Map(pieces.map(({ bytes, hash }) => [bytes, hash]));
    const hashing: Crypto = { ...crypto, sha256: (bytes) => hashes.get(bytes) ?? crypto.sha256(bytes) };
    return openBatch(
      pieces.map(({ bytes }) => bytes),
      hashing,
      this.#memo,
    );
  }

  #take(envelope: VerifiedEnvelope): boolean {
    const { payload, id } = envelope;
    const { meter, network, now, aheadMs } = this.#options;
    meter.add('ingress.verified', 1);
    if (this.#seenIds.meet(id)) return this.#drop('seen');
    if (payload.network !== network) return this.#drop('network_other');
    if (isLogVerb(payload.verb)) return this.#drop('not_gossip');
    if (payload.time > now() + aheadMs) return this.#drop('from_the_future');
    if (!this.#spend(payload.from)) return this.#drop('rate');
    const code = this.#options.onEnvelope(envelope);
    if (code !== null) return this.#drop(code);
    this.#memo.keep(envelope);
    return true;
  }

  #spend(sender: string): boolean {
    const now = this.#options.now();
    const known = this.#budgets.get(sender);
    const budget = known ?? { left: RATE_BURST, at: now };
    if (known === undefined) this.#budgets.set(sender, budget);
    const left = Math.min(RATE_BURST, budget.left + ((now - budget.at) * RATE_PER_SECOND) / 1000);
    budget.left = Math.max(0, left - 1);
    budget.at = now;
    return left >= 1;
  }

  #refuse(code: string): Verdict {
    this.#options.meter.add(`ingress.refused.${code}`, 1);
    return 'reject';
  }

  #drop(code: string): false {
    this.#options.meter.add(`ingress.dropped.${code}`, 1);
    return false;
  }
}
