import type { State } from '@canswarm/kernel';
import type { Clock, Meter } from '@canswarm/ports';
import type { Crypto, Memo, VerifiedEnvelope } from '@canswarm/protocol';
import type { BidMemory } from './bid-memory.ts';
import { EarlyGossip } from './early-gossip.ts';
import { Ingress, type Received } from './ingress.ts';
import type { Verified } from './verified.ts';
import type { NegotiationView } from './view.ts';

export interface HearingOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly memory: BidMemory;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly crypto: Crypto;
  /** Remembers what is taken. */
  readonly memo: Memo;
  readonly verified: Verified | null;
  /** Told of what is kept. */
  readonly onKept: (envelope: VerifiedEnvelope) => void;
  readonly onDefect: (error: unknown) => void;
}

/** The way in for gossip, and what becomes of it: the view keeps it, it waits for the log to catch up, or it is left. */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #early = new EarlyGossip();
  readonly #ingress: Ingress;

  constructor(options: HearingOptions) {
    const { state, crypto, memo, verified, meter, clock } = options;
    this.#options = options;
    this.#ingress = new Ingress({
      ...{ crypto, memo, verified, network: state.network, aheadMs: state.params.gossipAheadMs, meter },
      now: () => clock.now(),
      onEnvelope: (envelope) => this.#take(envelope),
    });
  }

  /** No message may take a node down, whatever a defect of ours makes of it: leaving one out is never wrong. */
  receive(message: Uint8Array): Received {
    try {
      return this.#ingress.receive(message);
    } catch (error) {
      this.#options.meter.add('ingress.defect', 1);
      this.#options.onDefect(error);
      return { verdict: 'ignore', rest: null };
    }
  }

  /** Takes gossip; returns why it is not worth passing on, or null. */
  #take(envelope: VerifiedEnvelope): string | null {
    const { state, view, memory, meter, clock, onKept } = this.#options;
    const code = view.add(envelope, state, clock.now());
    if (code !== null && code !== 'early') memory.noteRefused(envelope.payload, state, code);
    if (code === 'early') {
      if (!this.#early.add(envelope, state)) return 'early_full';
      meter.add('ingress.early', 1);
      return null;
    }
    if (code !== null) return code;
    meter.add('ingress.kept', 1);
    onKept(envelope);
    return null;
  }

  /** Judges again what came before its time. */
  takeEarly(): void {
    const { state, meter } = this.#options;
    for (const envelope of this.#early.due(state)) {
      const code = this.#take(envelope);
      if (code !== null) meter.add(`ingress.dropped.${code}`, 1);
    }
  }
}
