/** One thing that a node can lose contact with, as it stands now. */
export interface Sight {
  readonly lost: boolean;
  /** Local time at which it was lost, or came back; of a start, when that was. */
  readonly since: number;
  /** What showed last that it is lost; null while it is not. */
  readonly why: string | null;
}

/** How many looks in a row change what is believed. */
export interface Patience {
  /** Looks that found nothing, until it counts as lost. */
  readonly misses: number;
  /** Looks that found it, until it counts as back. */
  readonly answers: number;
}

/**
 * Whether something is there, by looks at it. It takes several in a row that say otherwise to change what is believed, so that one lost
 * answer is no partition, and one that came through by chance is no heal.
 */
export class Detector {
  readonly #patience: Patience;
  #sight: Sight;
  /** Looks in a row that contradict what is believed. */
  #against = 0;

  constructor(patience: Patience, now: number) {
    this.#patience = patience;
    this.#sight = { lost: false, since: now, why: null };
  }

  get sight(): Sight {
    return this.#sight;
  }

  /** Notes what a look found: null, or why it is not there. Returns whether what is believed changed. */
  note(why: string | null, now: number): boolean {
    const { lost } = this.#sight;
    if ((why !== null) === lost) {
      this.#against = 0;
      if (lost) this.#sight = { ...this.#sight, why };
      return false;
    }
    this.#against += 1;
    if (this.#against < (lost ? this.#patience.answers : this.#patience.misses)) return false;
    this.#against = 0;
    this.#sight = { lost: !lost, since: now, why };
    return true;
  }
}
