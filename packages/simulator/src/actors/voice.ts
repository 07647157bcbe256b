import type { State } from '@canswarm/kernel';
import { GOSSIP_TOPIC, MESSAGE_ENVELOPES_MAX, packMessage, type Said } from '@canswarm/node';
import type { Clock, DecisionLog, RandomStream, Signer, Transport } from '@canswarm/ports';
import {
  type Crypto,
  didOfKey,
  type Evidence,
  encodeEvidence,
  type NeedId,
  type Payload,
  sealEntry,
  signEnvelope,
} from '@canswarm/protocol';

/** What somebody may choose freely of a payload. */
export type Choice = Partial<Pick<Payload, 'head' | 'time' | 'lamport' | 'network' | 'epoch' | 'refs'>>;

export interface VoiceOptions {
  readonly transport: Transport;
  readonly log: DecisionLog;
  readonly shard: string;
  readonly clock: Clock;
  readonly crypto: Crypto;
  /** Keys of strangers come from here. */
  readonly keys: RandomStream;
  /** Where its words say that they stand. */
  state(): State;
}

/** Lamport values of a millisecond. */
const TICKS_PER_MS = 1_024;

/** Somebody outside every node who says on gossip and appends to the log whatever its keys can sign. */
export class Voice {
  readonly #options: VoiceOptions;
  #lamport = 0;

  constructor(options: VoiceOptions) {
    this.#options = options;
  }

  /** A key that nobody knows. */
  stranger(): Signer {
    const { keys, crypto } = this.#options;
    const seed = keys.bytes(32);
    return { did: didOfKey(crypto.publicKey(seed)), sign: (message) => crypto.sign(seed, message) };
  }

  /** Signs what a key says, by default in the manner of an honest node that stands where `state` does. */
  sign(signer: Signer, said: Said, thread: NeedId | null, choice: Choice = {}): Uint8Array {
    return this.#sign(signer, said, thread, choice, null);
  }

  /** Signs an entry of the log. */
  entry(
    signer: Signer,
    said: Said,
    thread: NeedId | null,
    evidence: Evidence | null = null,
    choice: Choice = {},
  ): Uint8Array {
    const bytes = evidence === null ? null : encodeEvidence(evidence);
    return sealEntry(this.#sign(signer, said, thread, choice, bytes), bytes);
  }

  publish(envelopes: readonly Uint8Array[]): void {
    for (let start = 0; start < envelopes.length; start += MESSAGE_ENVELOPES_MAX)
      this.publishBytes(packMessage(envelopes.slice(start, start + MESSAGE_ENVELOPES_MAX)));
  }

  publishBytes(message: Uint8Array): void {
    this.#options.transport.publish(GOSSIP_TOPIC, message);
  }

  /** Whether the log takes it does not matter to who means harm. */
  append(entries: readonly Uint8Array[]): void {
    this.#options.log.append(this.#options.shard, entries).catch(() => undefined);
  }

  #sign(signer: Signer, said: Said, thread: NeedId | null, choice: Choice, evidence: Uint8Array | null): Uint8Array {
    const { state, clock, crypto } = this.#options;
    const { network, epoch, incarnation, position, digest } = state();
    this.#lamport = Math.max(this.#lamport + 1, clock.now() * TICKS_PER_MS);
    const payload = {
      v: 1,
      network,
      thread,
      ...said,
      refs: [],
      lamport: this.#lamport,
      time: clock.now(),
      epoch,
      policy: null,
      from: signer.did,
      head: { incarnation, position, digest },
      evidence: evidence === null ? null : crypto.sha256(evidence),
      ...choice,
    } as Payload;
    return signEnvelope(payload, signer, crypto.sha256).bytes;
  }
}
