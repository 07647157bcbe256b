import type { Meter, Verdict } from '@canswarm/ports';
import {
  BoundedCache,
  type Crypto,
  decodeCbor,
  encodeCbor,
  GOSSIP_AHEAD_MS_MAX,
  openBatch,
  type VerifiedEnvelope,
  type VerifyMemo,
} from '@canswarm/protocol';

/** Envelopes in one gossip message at most, and its bytes. */
export const MESSAGE_ENVELOPES_MAX = 256;
export const MESSAGE_BYTES_MAX = 3_500_000;
const SEEN_MAX = 65_536;
/** Envelopes a sender may spend at once, and how many it regains a second. */
const RATE_BURST = 4_096;
const RATE_PER_SECOND = 2_048;
const SENDERS_MAX = 4_096;

export interface IngressOptions {
  readonly crypto: Crypto;
  readonly memo: VerifyMemo;
  readonly network: string;
  readonly meter: Meter;
  now(): number;
  /** Takes an envelope that passed every check. */
  onEnvelope(envelope: VerifiedEnvelope): void;
}

/** One gossip message: envelopes of any senders, each provable alone. */
export const packMessage = (envelopes: readonly Uint8Array[]): Uint8Array => encodeCbor([...envelopes]);

/**
 * The way in for gossip: size, decoding, deduplication by all bytes, signature, deduplication by id, time, rate. An id
 * counts as seen only after its signature verified, so a forged copy never shadows the genuine one. Every refusal is
 * counted by its code. Source: `spec/02-envelopes.md`, ingress.
 */
export class Ingress {
  readonly #options: IngressOptions;
  readonly #seenBytes = new BoundedCache<string, true>(SEEN_MAX);
  readonly #seenIds = new BoundedCache<string, true>(SEEN_MAX);
  readonly #budgets = new Map<string, { left: number; at: number }>();

  constructor(options: IngressOptions) {
    this.#options = options;
  }

  /** Takes a message; `reject` blames the peer that sent it, `ignore` does not. */
  receive(message: Uint8Array): Verdict {
    const envelopes = unpack(message);
    if (envelopes === null) return this.#refuse('message_malformed');
    let verdict: Verdict = 'ignore';
    for (const opened of openBatch(this.#unseen(envelopes), this.#options.crypto, this.#options.memo)) {
      if (!opened.ok) {
        verdict = this.#refuse(opened.code);
        continue;
      }
      if (this.#take(opened.envelope) && verdict === 'ignore') verdict = 'accept';
    }
    return verdict;
  }
}
