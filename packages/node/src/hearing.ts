import type { State } from '@canswarm/kernel';
import type { Clock, Meter } from '@canswarm/ports';
import type { VerifiedEnvelope } from '@canswarm/protocol';
import type { BidMemory } from './bid-memory.ts';
import { EarlyGossip } from './early-gossip.ts';
import type { NegotiationView } from './view.ts';

export interface HearingOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly memory: BidMemory;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Told of what is kept. */
  readonly onKept: (envelope: VerifiedEnvelope) => void;
}

/** What becomes of verified gossip: the view keeps it, it waits for the log to catch up, or it is left. */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #early = new EarlyGossip();

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Takes gossip; returns why it is not worth passing on, or null. */
  take(envelope: VerifiedEnvelope): string | null {
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
      const code = this.take(envelope);
      if (code !== null) meter.add(`ingress.dropped.${code}`, 1);
    }
  }
}
