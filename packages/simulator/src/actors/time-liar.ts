import type { Clock, RandomStream, Signer } from '@canswarm/ports';
import { oneOf, shuffled } from '../world/draw.ts';
import type { Ear } from './ear.ts';
import type { Voice } from './voice.ts';

const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];
/** The latest time that a report may tell. */
const ALL_TIME = 2 ** 52;
/** Of so many words one is an entry of the log. */
const ENTRY_EVERY = 4;

const SHOWN_MAX = 6;

/** Reports times far off, each its own, and appends TICKs that show nothing else, or besides some of what honest verifiers report. */
export class TimeLiar {
  readonly #voice: Voice;
  readonly #signers: readonly Signer[];
  readonly #stream: RandomStream;
  readonly #clock: Clock;
  readonly #ear: Ear;

  constructor(voice: Voice, ear: Ear, signers: readonly Signer[], stream: RandomStream, clock: Clock) {
    this.#voice = voice;
    this.#ear = ear;
    this.#signers = signers;
    this.#stream = stream;
    this.#clock = clock;
  }

  act(): void {
    const now = this.#clock.now();
    const times = [0, now - DAY_MS, now - HOUR_MS, now + HOUR_MS, now + DAY_MS, ALL_TIME, ALL_TIME + 1];
    const reports = this.#signers.map((signer) => {
      const time = oneOf(this.#stream, times);
      const preimage = oneOf(this.#stream, [null, this.#stream.bytes(32)]);
      const said = { verb: 'REPORT', body: { time, preimage } } as const;
      // Gossip that is itself from another day, too.
      return this.#voice.sign(signer, said, null, {
        time: oneOf(this.#stream, [now, now, now - DAY_MS, now + DAY_MS]),
      });
    });
    this.#voice.publish(reports);
    const [signer] = this.#signers;
    if (signer === undefined || this.#stream.below(ENTRY_EVERY) > 0) return;
    const honest = shuffled(this.#stream, this.#ear.reports).slice(0, this.#stream.below(SHOWN_MAX + 1));
    const shown = { envelopes: [...reports, ...honest], blocks: [] };
    this.#voice.append([this.#voice.entry(signer, { verb: 'TICK', body: {} }, null, shown)]);
  }
}
